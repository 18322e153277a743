import Basics

/// JSON over several lines, in ASCII only, as Python's `json.dumps(…, sort_keys=True, indent=2)` writes it: keys in order, other
/// characters as `\uXXXX` in small letters, those above U+FFFF as two of them, doubles as Python spells them (`1e-07`, `1e+300`).
/// Empty arrays and objects stay on one line.
///
/// The text is made from canonical text in one pass, without decoding: keys are in order there, and escapes are the same.
extension JSONWriter {
    /// Appends a value.
    ///
    /// - Parameters:
    ///   - text: the canonical text of the value.
    ///   - margin: how many blanks all lines begin with but the first.
    public mutating func appendASCIIPretty(_ text: UnsafeRawBufferPointer, margin: Int = 0) {
        var (offset, margin) = (0, margin)
        while offset < text.count {
            let byte = text[offset]
            switch byte {
            case UInt8(ascii: "\""):
                let end = JSONScan.endOfString(in: text, from: offset &+ 1)
                appendASCII(string: text.part(offset..<end))
                offset = end
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isEmpty = offset &+ 1 < text.count && text[offset &+ 1] == byte &+ 2
                append(byte)
                offset &+= isEmpty ? 2 : 1
                if isEmpty { append(byte &+ 2) } else { margin &+= 2; startLine(margin) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                margin &-= 2
                startLine(margin)
                append(byte)
                offset &+= 1
            case UInt8(ascii: ","):
                append(byte)
                startLine(margin)
                offset &+= 1
            case UInt8(ascii: ":"):
                append(plain: ": ")
                offset &+= 1
            default:
                let end = JSONScan.endOfValue(in: text, at: offset)
                appendPython(scalar: text.part(offset..<end))
                offset = end
            }
        }
    }

    /// Appends a value, as above.
    public mutating func appendASCIIPretty(_ value: JSONValue, margin: Int = 0) {
        var canonical = JSONWriter()
        canonical.append(value)
        appendASCIIPretty(canonical.bytes, margin: margin)
    }

    /// Begins a line.
    ///
    /// - Parameter margin: how many blanks it begins with.
    @inline(__always)
    public mutating func startLine(_ margin: Int) {
        append(UInt8(ascii: "\n"))
        var rest = margin
        while rest >= 8 {
            append(plain: "        ")
            rest &-= 8
        }
        while rest > 0 {
            append(UInt8(ascii: " "))
            rest &-= 1
        }
    }

    /// Appends a string as canonical text has it, all but printable ASCII escaped.
    private mutating func appendASCII(string text: UnsafeRawBufferPointer) {
        var (done, offset) = (0, 0)
        while true {
            offset = text.nextUnprintable(from: offset)
            if offset >= text.count { break }
            append(text.part(done..<offset))
            let (scalar, length) = text.scalar(at: offset)
            for unit in String(scalar).utf16 { append(escapeOf: unit) }
            offset &+= length
            done = offset
        }
        append(text.part(done..<text.count))
    }

    private mutating func append(escapeOf unit: UInt16) {
        append(plain: "\\u")
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: unit >> shift & 15)
            append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10)
        }
    }

    /// Appends a number or a word. Only numbers that are not whole are spelled in another way than in canonical text.
    private mutating func appendPython(scalar text: UnsafeRawBufferPointer) {
        let isCopied = text.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: "-") } || text[0].isASCIILetter
        guard !isCopied, let number = JSONNumberScan(text, at: 0)?.number(in: text, from: 0) else {
            return append(text)
        }
        number.pythonText.withUTF8Bytes { append($0) }
    }
}

extension JSONValue {
    /// The value over several lines, in ASCII only, as Python writes it.
    public func asciiPrettyBytes() -> [UInt8] {
        var writer = JSONWriter()
        writer.appendASCIIPretty(self)
        return writer.array()
    }
}

extension JSONNumber {
    /// The number as Python spells it: whole ones in digits, unless they have more than 21, others as `repr` does.
    public var pythonText: String {
        guard case .double(let value) = storage, !isInteger || value.magnitude >= 1e21 else { return text }
        return value.description
    }
}

extension UnsafeRawBufferPointer {
    /// The offset of the next byte that is no printable ASCII.
    @inline(__always)
    fileprivate func nextUnprintable(from start: Int) -> Int {
        var offset = start
        while offset &+ 8 <= count {
            let word = word(at: offset)
            // Canonical text has no control characters but DEL, which is the last of ASCII.
            if WordSearch.nonASCII(in: word) | WordSearch.marks(0x7F, in: word) != 0 { break }
            offset &+= 8
        }
        while offset < count, 0x20..<0x7F ~= self[offset] { offset &+= 1 }
        return offset
    }

    /// The character of UTF-8 at `offset`, and how many bytes it has.
    fileprivate func scalar(at offset: Int) -> (scalar: Unicode.Scalar, length: Int) {
        let text = String(decoding: part(offset..<Swift.min(offset + 4, count)), as: UTF8.self)
        guard let scalar = text.unicodeScalars.first else { return ("\u{FFFD}", 1) }
        return (scalar, Swift.max(1, scalar.utf8.count))
    }
}
