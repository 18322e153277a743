import Basics

/// The times that go-yaml 2 takes for ones: a date, or a date and a time of day. It matters only where a tag asks for a time,
/// since in JSON they all are text.
enum YAMLTimestamp {
    /// Whether `text` is a time.
    static func isOne(_ text: String) -> Bool {
        var reader = TimeReader(text)
        guard reader.date(digits: 1...2) != nil else { return false }
        if reader.isAtEnd { return true }
        let isSpaced = reader.skip(" ")
        guard isSpaced || reader.skip("T") || reader.skip("t"), reader.timeOfDay(digits: 1...2) != nil,
            reader.fraction(allowsComma: true) != nil
        else { return false }
        return (isSpaced || takesZone(&reader)) && reader.isAtEnd
    }

    /// `Z`, or a sign and two numbers of two digits, however large.
    private static func takesZone(_ reader: inout TimeReader) -> Bool {
        if reader.skip("Z") { return true }
        return (reader.skip("+") || reader.skip("-")) && reader.number(digits: 2...2) != nil && reader.skip(":")
            && reader.number(digits: 2...2) != nil
    }
}
