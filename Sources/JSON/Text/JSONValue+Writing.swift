extension JSONValue {
    /// The canonical text: no white space, keys in the order of their bytes, nothing escaped but quotes, backslashes and
    /// control characters. Equal values have equal canonical text.
    public func canonicalBytes() -> [UInt8] {
        var output: [UInt8] = []
        write(into: &output)
        return output
    }

    /// The canonical text as a string, for messages.
    public var canonicalText: String { String(decoding: canonicalBytes(), as: UTF8.self) }

    /// Appends the canonical text.
    public func write(into output: inout [UInt8]) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += value ? "true".utf8 : "false".utf8
        case .number(let value): value.write(into: &output)
        case .string(let value): value.writeJSON(into: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let object):
            output.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                member.key.writeJSON(into: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(into: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// The canonical text.
    public var description: String { canonicalText }
}

extension String {
    /// Appends the string in quotes, with the escapes of canonical text.
    func writeJSON(into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        withUTF8Bytes { bytes in
            var start = 0
            while case let stop = bytes.nextSpecial(from: start), stop < bytes.count {
                output.append(contentsOf: bytes.part(start..<stop))
                output.appendEscape(of: bytes[stop])
                start = stop + 1
            }
            output.append(contentsOf: bytes.part(start..<bytes.count))
        }
        output.append(UInt8(ascii: "\""))
    }
}

extension [UInt8] {
    fileprivate mutating func appendEscape(of byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        default:
            self += (byte < 0x10 ? "u000" : "u00").utf8
            self += String(byte, radix: 16).utf8
        }
    }
}
