/// Words of text, and how they are capitalised and joined.
enum WordCase {
    /// Each word with its first letter in title case. Words end where there is neither a letter, a digit nor an underscore.
    static func titled(_ text: String) -> String {
        var isAfterWord = false
        return GoText.map(text) { scalar in
            defer { isAfterWord = isWordPart(scalar) }
            return isAfterWord ? scalar : GoText.title(scalar)
        }
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.isWord }
        return scalar.isLetter || scalar.properties.generalCategory == .decimalNumber || !scalar.properties.isWhitespace
    }

    /// Each word between spaces with its first character in lower case.
    static func untitled(_ text: String) -> String {
        var isFirst = true
        return GoText.map(text) { scalar in
            defer { isFirst = scalar.properties.isWhitespace }
            return isFirst ? GoText.lower(scalar) : scalar
        }
    }

    /// Upper case as lower case and the other way round.
    ///
    /// Titles are capitalised anew: after a space, lower case becomes title case.
    static func swapped(_ text: String) -> String {
        var isAfterSpace = true
        return GoText.map(text) { scalar in
            defer { isAfterSpace = scalar.properties.isWhitespace }
            if scalar.isUpper || scalar.properties.generalCategory == .titlecaseLetter { return GoText.lower(scalar) }
            guard scalar.isLower else { return scalar }
            return isAfterSpace ? GoText.title(scalar) : GoText.upper(scalar)
        }
    }

    /// The first byte of each word between spaces.
    static func initials(_ text: String) -> String {
        var (result, isFirst) = ("", true)
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if !scalar.properties.isWhitespace, isFirst { result.unicodeScalars.append(scalar) }
            isFirst = scalar.properties.isWhitespace
        }
        return result
    }

    /// The text without space. As with initials, bytes are taken for characters, unless there is no space at all.
    static func withoutSpace(_ text: String) -> String {
        let scalars = text.utf8.map { Unicode.Scalar($0) }
        let rest = scalars.filter { !$0.properties.isWhitespace }
        return rest.count == scalars.count ? text : String(String.UnicodeScalarView(rest))
    }

    static func isConnector(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || scalar == "_" || scalar.properties.isWhitespace
    }

    /// `some-long name` as `SomeLongName`; connectors at the beginning stay, and of several in the middle all but one. Where
    /// there is nothing else, the last one comes twice.
    static func camel(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.firstIndex(where: { !isConnector($0) }) else {
            return String(String.UnicodeScalarView(scalars + scalars.suffix(1)))
        }
        var result = Array(scalars[..<first])
        var last = GoText.upper(scalars[first])
        guard first + 1 < scalars.count else {
            result.append(last)
            return String(String.UnicodeScalarView(result))
        }
        for scalar in scalars[(first + 1)...] {
            let previous = last
            last = scalar
            switch (isConnector(scalar), isConnector(previous)) {
            case (true, true): result.append(previous)
            case (false, true): last = GoText.upper(scalar)
            default:
                last = GoText.lower(scalar)
                result.append(previous)
            }
        }
        return String(String.UnicodeScalarView(result + [last]))
    }
}
