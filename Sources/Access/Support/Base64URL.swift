import JSON
import Tracker

/// Base64 for URLs, without padding (RFC 4648 §5), as tokens have it.
enum Base64URL {
    /// The text of `bytes`.
    static func encode(_ bytes: [UInt8]) -> String {
        let mapped = Base64.encode(bytes).utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: mapped, as: UTF8.self)
    }

    /// The bytes of `text`; nil unless `text` is exactly what ``encode(_:)`` makes of them.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var mapped = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        while mapped.count % 4 != 0 { mapped.append(UInt8(ascii: "=")) }
        guard let bytes = Base64.decode(String(decoding: mapped, as: UTF8.self)), encode(bytes).hasSameUTF8(as: text)
        else {
            return nil
        }
        return bytes
    }
}
