/// A strict recursive descent parser over UTF-8 bytes: RFC 8259 and nothing more, with unique keys.
struct JSONParser {
    let text: UnsafeRawBufferPointer
    let maxDepth: Int
    var offset: Int
    /// Keys that objects have more than once, of which the last counts; nil to refuse them.
    var repeatedKeys: RepeatedKeys?

    init(_ text: UnsafeRawBufferPointer, limits: JSONLimits, at offset: Int = 0) {
        self.text = text
        self.maxDepth = limits.maxDepth
        self.offset = offset
    }

    /// Parses the whole text as one value.
    mutating func parseText() throws(JSONFault) -> JSONValue {
        let value = try parseValue(depth: 0)
        if skipWhitespace() != nil { throw JSONFault(code: .trailingCharacters, offset: offset) }
        return value
    }

    /// Parses the next value, inside `depth` arrays and objects.
    mutating func parseValue(depth: Int) throws(JSONFault) -> JSONValue {
        guard let byte = skipWhitespace() else { throw unexpected(.value) }
        switch byte {
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "{"): return .object(try parseObject(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try parseArray(depth: depth + 1))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
        case UInt8(ascii: "t"): return try parseWord("true", as: .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", as: .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", as: .null)
        default: throw unexpected(.value)
        }
    }

    /// The next byte that is no white space, nil at the end of the text.
    @inline(__always)
    mutating func skipWhitespace() -> UInt8? {
        while offset < text.count {
            let byte = text[offset]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): offset &+= 1
            default: return byte
            }
        }
        return nil
    }

    /// The fault of finding something else than `expected` here, or nothing at all.
    func unexpected(_ expected: JSONFault.Expectation) -> JSONFault {
        JSONFault(
            code: offset < text.count ? .unexpectedCharacter : .unexpectedEnd, offset: offset, expected: expected)
    }

    private mutating func parseWord(_ word: StaticString, as value: JSONValue) throws(JSONFault) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard offset < text.count, text[offset] == word.utf8Start[index] else { throw unexpected(.value) }
            offset += 1
        }
        return value
    }

    @inline(__always)
    private mutating func parseNumber() throws(JSONFault) -> JSONNumber {
        let start = offset
        guard let scan = JSONNumberScan(text, at: start), let number = scan.number(in: text, from: start) else {
            throw JSONFault(code: .invalidNumber, offset: start)
        }
        offset = scan.end
        return number
    }

    private mutating func parseArray(depth: Int) throws(JSONFault) -> [JSONValue] {
        guard depth <= maxDepth else { throw JSONFault(code: .tooDeep, offset: offset) }
        offset += 1
        if skipWhitespace() == UInt8(ascii: "]") {
            offset += 1
            return []
        }
        var values: [JSONValue] = []
        repeat {
            values.append(try parseValue(depth: depth))
        } while try takeComma(orClosing: UInt8(ascii: "]"), else: .commaOrBracket)
        return values
    }

    /// Steps over a comma or the closing bracket; whether it was the comma.
    @inline(__always)
    mutating func takeComma(orClosing bracket: UInt8, else expected: JSONFault.Expectation) throws(JSONFault) -> Bool {
        let byte = skipWhitespace()
        guard byte == UInt8(ascii: ",") || byte == bracket else { throw unexpected(expected) }
        offset &+= 1
        return byte != bracket
    }
}
