import Basics
import Tracker

extension RunID {
    /// How long after its due time the run is meant to begin, in milliseconds: from zero to `most` seconds, spread evenly over the
    /// runs of all schedules, and always the same for one run.
    func delay(upTo most: Int64) -> Int64 {
        guard most > 0 else { return 0 }
        // FNV-1a, and a last mixing so that neighbouring times differ in all bits.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in schedule.utf8 { add(byte) }
        withUnsafeBytes(of: due.seconds.littleEndian) { for byte in $0 { add(byte) } }
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        return Int64(hash.multipliedFullWidth(by: UInt64(most) * 1000 + 1).high)
    }
}
