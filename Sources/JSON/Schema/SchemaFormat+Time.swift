import Basics

/// Dates and times of RFC 3339 §5.6 as Go's `time.Parse` takes them: no leap seconds, offsets below a day, a comma as a point.
extension SchemaFormat {
    /// `2006-01-02`
    static func isDate(_ text: String) -> Bool {
        var reader = TimeReader(text)
        return reader.date() != nil && reader.isAtEnd
    }

    /// `15:04:05`, with or without an offset.
    static func isTime(_ text: String) -> Bool {
        var reader = TimeReader(text)
        return takesTime(&reader) && (reader.isAtEnd || reader.offset() != nil && reader.isAtEnd)
    }

    /// `2006-01-02T15:04:05Z`, the offset being required.
    static func isDateTime(_ text: String) -> Bool {
        var reader = TimeReader(text)
        return reader.date() != nil && reader.skip("T") && takesTime(&reader) && reader.offset() != nil
            && reader.isAtEnd
    }

    private static func takesTime(_ reader: inout TimeReader) -> Bool {
        reader.timeOfDay() != nil && reader.fraction(allowsComma: true) != nil
    }
}
