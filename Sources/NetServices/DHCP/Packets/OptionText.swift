import Basics
import Tracker

/// The text forms of option values, as subnets and reservations have them (C §17.2).
enum OptionText {
    /// What the value of an option is.
    private enum Form {
        case address, addresses, text, number(bytes: Int), messageType, routes, names, bytes
    }

    private static let mnemonics = ["", "dis", "ofr", "req", "dec", "ack", "nak", "rel", "inf"]

    private static func form(of code: UInt8) -> Form {
        switch code {
        case 1, 28, 16, 32, 50, 54: .address
        case 3...11, 21, 33, 41, 42, 44, 45, 48, 49, 65, 68...76: .addresses
        case 12, 14, 15, 17, 18, 40, 47, 64, 66, 67, 56, 60, 77, 100, 101: .text
        case 2, 24, 35, 38, 51, 58, 59: .number(bytes: 4)
        case 13, 22, 26, 57, 93: .number(bytes: 2)
        case 19, 20, 23, 27, 29, 30, 31, 34, 36, 37, 39, 46, 52: .number(bytes: 1)
        case 53: .messageType
        case 119: .names
        case 121: .routes
        default: .bytes
        }
    }

    /// The bytes that a text means; nil if it is none of the option's form.
    static func encode(_ text: String, as code: UInt8) -> [UInt8]? {
        switch form(of: code) {
        case .address: return address(text)
        case .addresses: return joined(text, address)
        case .text: return text.isEmpty ? nil : Array(text.utf8)
        case .number(let bytes): return number(text, bytes)
        case .messageType:
            guard let place = mnemonics.firstIndex(where: { !$0.isEmpty && $0.hasSameUTF8(as: text) }) else {
                return number(text, 1)
            }
            return [UInt8(place)]
        case .routes: return text.utf8.contains(UInt8(ascii: "/")) ? joined(text, route) : bytes(text)
        case .names: return bytes(text) ?? joined(text, name)
        case .bytes: return bytes(text)
        }
    }

    /// The text that stands for bytes.
    static func decode(_ bytes: [UInt8], of code: UInt8) -> String {
        switch form(of: code) {
        case .address, .addresses:
            guard bytes.count % 4 == 0, !bytes.isEmpty else { return list(bytes) }
            return stride(from: 0, to: bytes.count, by: 4).map { start in
                bytes[start..<start + 4].map { String($0) }.joined(separator: ".")
            }.joined(separator: ",")
        case .text: return String(decoding: bytes, as: UTF8.self)
        case .number(let count):
            guard bytes.count == count else { return list(bytes) }
            return String(bytes.reduce(0) { $0 << 8 | UInt64($1) })
        case .messageType:
            guard bytes.count == 1, let first = bytes.first, first > 0, Int(first) < mnemonics.count else {
                return list(bytes)
            }
            return mnemonics[Int(first)]
        case .routes, .names, .bytes: return list(bytes)
        }
    }

    private static func list(_ bytes: [UInt8]) -> String { bytes.map { String($0) }.joined(separator: ",") }

    private static func address(_ text: Substring) -> [UInt8]? {
        IPAddress(String(text)).flatMap { $0.isV4 ? $0.bytes : nil }
    }

    private static func address(_ text: String) -> [UInt8]? { address(text[...]) }

    private static func number(_ text: String, _ bytes: Int) -> [UInt8]? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = UInt32(text),
            bytes == 4 || number >> (8 * bytes) == 0
        else { return nil }
        return (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        // An option without bytes says nothing, and there is no text for it.
        if let plain = text.after("string:") { return plain.isEmpty ? nil : Array(plain.utf8) }
        return joined(text) { part in UInt8(part).map { [$0] } }
    }

    /// What the parts of a list mean, one after the other; nil if one means nothing.
    private static func joined(_ text: String, _ part: (Substring) -> [UInt8]?) -> [UInt8]? {
        var bytes: [UInt8] = []
        for each in text.parts(between: ",") {
            guard let more = part(each.trimmedSpaces) else { return nil }
            bytes += more
        }
        return bytes
    }

    /// `10.0.0.0/8 192.0.2.1`: a network and the way to it (RFC 3442).
    private static func route(_ text: Substring) -> [UInt8]? {
        let parts = text.parts(between: " ").filter { !$0.isEmpty }
        guard parts.count == 2, let block = CIDRBlock(String(parts[0])), block.address.isV4,
            let router = address(parts[1])
        else { return nil }
        let significant = block.network.bytes.prefix((block.prefixLength + 7) / 8)
        return [UInt8(block.prefixLength)] + significant + router
    }

    /// A domain name in the form of DNS (RFC 3397, RFC 1035 §3.1), without pointers to earlier ones.
    private static func name(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        for label in text.parts(between: ".") where !label.isEmpty {
            guard label.utf8.count < 64 else { return nil }
            bytes += [UInt8(label.utf8.count)] + Array(label.utf8)
        }
        return bytes.isEmpty || bytes.count > 254 ? nil : bytes + [0]
    }
}
