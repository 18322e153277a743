/// Why a text is not the JSON it should be, and where.
public struct JSONError: Error, Sendable, Hashable {
    /// The kind of fault.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case unexpectedEnd, unexpectedCharacter, invalidUTF8, invalidEscape, invalidNumber, duplicateKey, tooDeep
        case trailingCharacters, tooLong
    }

    /// The kind of fault.
    public let code: Code
    /// The offset in bytes of what is at fault, from 0.
    public let offset: Int
    /// The line of that byte, from 1.
    public let line: Int
    /// The column of that byte in Unicode scalars, from 1.
    public let column: Int
    /// Where and what, for people: `line 3 column 7: duplicate key "Name"`.
    public let message: String

    /// Completes the parser's terse fault with what a person needs to find it in `text`.
    init(_ fault: JSONFault, in text: UnsafeRawBufferPointer, limits: JSONLimits) {
        let before = text.prefix(fault.offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        code = fault.code
        offset = fault.offset
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        // Continuation bytes belong to the column of their first byte.
        column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        message = "line \(line) column \(column): \(fault.explanation(in: text, limits: limits))"
    }
}

extension JSONError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
