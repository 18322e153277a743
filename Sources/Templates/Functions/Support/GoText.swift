/// What Go does with the bytes and characters of text.
enum GoText {
    /// `text[low:high]`; a bound that is nil is not written.
    static func slice(_ text: String, _ low: Int?, _ high: Int?) throws(TemplateFailure) -> String {
        let bytes = Array(text.utf8)
        let (start, end) = (low ?? 0, high ?? bytes.count)
        guard end >= 0 else { throw TemplateFailure("runtime error: slice bounds out of range [:\(end)]") }
        guard end <= bytes.count else {
            throw TemplateFailure("runtime error: slice bounds out of range [:\(end)] with length \(bytes.count)")
        }
        guard start >= 0 else { throw TemplateFailure("runtime error: slice bounds out of range [\(start):]") }
        guard start <= end else {
            throw TemplateFailure("runtime error: slice bounds out of range [\(start):\(end)]")
        }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The parts between separators; at most `limit` of them unless that is negative. Without a separator, the characters.
    static func split(_ text: String, by separator: String, limit: Int = -1) -> [String] {
        guard limit != 0 else { return [] }
        guard !separator.isEmpty else {
            let scalars = Array(text.unicodeScalars)
            guard limit > 0, limit < scalars.count else { return scalars.map { String($0) } }
            let rest = String(String.UnicodeScalarView(scalars[(limit - 1)...]))
            return scalars[..<(limit - 1)].map { String($0) } + [rest]
        }
        let (bytes, pattern) = (Array(text.utf8), Array(separator.utf8))
        var parts: [String] = []
        var start = 0
        while limit < 0 || parts.count < limit - 1, let index = firstIndex(of: pattern, in: bytes, from: start) {
            parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
            start = index + pattern.count
        }
        return parts + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    /// The first place of a pattern at or after a place.
    static func firstIndex(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count - start >= pattern.count else { return nil }
        return (start...(bytes.count - pattern.count)).first { index in
            bytes[index] == pattern[0] && bytes[index..<index + pattern.count].elementsEqual(pattern)
        }
    }

    /// The text without characters of a kind at its ends.
    static func trimmed(_ text: String, where isTrimmed: (Unicode.Scalar) -> Bool) -> String {
        let scalars = text.unicodeScalars.drop(while: isTrimmed)
        guard let last = scalars.lastIndex(where: { !isTrimmed($0) }) else { return "" }
        return String(scalars[...last])
    }

    /// Each character in its simple upper case.
    static func upper(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        only(scalar.properties.uppercaseMapping) ?? scalar
    }

    /// Each character in its simple lower case.
    static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        // The only letter whose full lower case is longer than its simple one.
        scalar == "\u{130}" ? "i" : only(scalar.properties.lowercaseMapping) ?? scalar
    }

    /// Each character in its simple title case.
    static func title(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        only(scalar.properties.titlecaseMapping) ?? scalar
    }

    private static func only(_ text: String) -> Unicode.Scalar? {
        text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
    }

    /// The text with each character replaced.
    static func map(_ text: String, _ transform: (Unicode.Scalar) -> Unicode.Scalar) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map(transform)))
    }
}

extension Unicode.Scalar {
    /// Whether it is a letter in upper or title case, as Go's `unicode.IsUpper` tells.
    var isUpper: Bool { properties.generalCategory == .uppercaseLetter }

    /// Whether it is a letter in lower case.
    var isLower: Bool { properties.generalCategory == .lowercaseLetter }

    /// Whether it is a letter.
    var isLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// Whether it is a number of any sort.
    var isNumber: Bool {
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    /// Whether it is punctuation.
    var isPunctuation: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }
}
