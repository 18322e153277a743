import Basics

/// A part of a URL, and which bytes stand for themselves in it.
enum URLPart {
    case path, user, host, zone, fragment

    private func standsForItself(_ byte: UInt8) -> Bool {
        if byte.isASCIIAlphanumeric || "-_.~".utf8.contains(byte) { return true }
        switch self {
        case .host, .zone: return "!$&'()*+,;=:[]<>\"".utf8.contains(byte)
        case .path: return "$&+,/:;=@".utf8.contains(byte)
        case .user: return "$&+,;=".utf8.contains(byte)
        case .fragment: return "$&+,/:;=?@!()*".utf8.contains(byte)
        }
    }

    /// The text with all other bytes as escapes.
    func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if standsForItself(byte) {
                result.append(byte)
            } else {
                result += "%\(GoLiteral.hexadecimal(UInt32(byte), width: 2, uppercase: true))".utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text with its escapes resolved.
    func unescaped(_ text: String) throws(TemplateFailure) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "%") else {
                if self == .host || self == .zone, byte < 0x80, !standsForItself(byte) {
                    let shown = GoLiteral.quoted(String(Unicode.Scalar(byte)))
                    throw TemplateFailure("invalid character \(shown) in host name")
                }
                result.append(byte)
                index += 1
                continue
            }
            let escape = String(decoding: bytes[index..<min(index + 3, bytes.count)], as: UTF8.self)
            guard let value = Self.value(of: escape), isAllowed(value, escape) else {
                throw TemplateFailure("invalid URL escape \(GoLiteral.quoted(escape))")
            }
            result.append(value)
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func value(of escape: String) -> UInt8? {
        let digits = escape.utf8.dropFirst()
        guard digits.count == 2, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else {
            return nil
        }
        return UInt8(String(escape.dropFirst()), radix: 16)
    }

    /// In a host only bytes beyond ASCII are escaped, in its zone also those that may stand there anyway.
    private func isAllowed(_ value: UInt8, _ escape: String) -> Bool {
        switch self {
        case .host: value >= 0x80 || escape.hasSameUTF8(as: "%25")
        case .zone: escape.hasSameUTF8(as: "%25") || value == UInt8(ascii: " ") || URLPart.host.standsForItself(value)
        default: true
        }
    }
}
