import Basics

extension Timestamp {
    /// The time as F §1 has it: `2017-03-29T12:00:00.000000`, in UTC, without a zone.
    var fleetText: String {
        let whole = Timestamp(seconds: seconds).description.utf8.dropLast()
        let digits = String(nanoseconds / 1000)
        let zeros = String(repeating: "0", count: 6 - digits.utf8.count)
        return String(decoding: whole, as: UTF8.self) + "." + zeros + digits
    }
}
