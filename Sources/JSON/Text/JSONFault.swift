/// What the parser throws: small, since every call on its hot path can return one.
struct JSONFault: Error {
    /// What would have been right.
    enum Expectation: String {
        case value = "a value"
        case key = "a key in double quotes"
        case colon = "\":\""
        case commaOrBrace = "\",\" or \"}\""
        case commaOrBracket = "\",\" or \"]\""
        case closingQuote = "a closing quote"
        case escape = "an escape such as \\n in its place"
        case nothing = "nothing"
    }

    var code: JSONError.Code
    var offset: Int
    var expected: Expectation = .nothing

    /// What was found, and what to do about it.
    func explanation(in text: UnsafeRawBufferPointer, limits: JSONLimits) -> String {
        switch code {
        case .unexpectedEnd: "the text ends too early, expected \(expected.rawValue)"
        case .unexpectedCharacter: "unexpected \(character(in: text)), expected \(expected.rawValue)"
        case .invalidUTF8: "byte 0x\(String(text[offset], radix: 16, uppercase: true)) is not valid UTF-8 here"
        case .invalidEscape: "invalid escape \(excerpt(in: text) { $0 != UInt8(ascii: "\"") })"
        case .invalidNumber: "invalid number \(excerpt(in: text, while: Self.isPartOfNumber))"
        case .duplicateKey: "duplicate key \(key(in: text))"
        case .tooDeep: "nested deeper than \(limits.maxDepth) levels"
        case .trailingCharacters: "unexpected \(character(in: text)) after the end of the value"
        case .tooLong: "a text of \(text.count) bytes, longer than the limit of \(limits.maxBytes)"
        }
    }

    private func character(in text: UnsafeRawBufferPointer) -> String {
        let tail = String(decoding: text[offset...].prefix(4), as: UTF8.self)
        guard let scalar = tail.unicodeScalars.first, scalar.value >= 0x20, scalar.value != 0x7F else {
            let digits = String(text[offset], radix: 16, uppercase: true)
            return "control character U+00" + (digits.utf8.count < 2 ? "0" : "") + digits
        }
        return "character " + JSONValue.string(String(scalar)).canonicalText
    }

    private func excerpt(in text: UnsafeRawBufferPointer, while belongs: (UInt8) -> Bool) -> String {
        let limit = code == .invalidEscape ? 6 : 40
        let bytes = text[offset...].prefix(limit).prefix { $0 > 0x20 && $0 < 0x7F && belongs($0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        "+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8.contains(byte)
    }

    private func key(in text: UnsafeRawBufferPointer) -> String {
        var parser = JSONParser(text, limits: .trusted, at: offset)
        let key = (try? parser.parseString()) ?? ""
        return JSONValue.string(String(key.prefix(100))).canonicalText
    }
}
