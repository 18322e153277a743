import Basics
import JSON

/// The bytes of keys that are not text; see ``KeyForm``.
enum EncodedKey {
    /// What the key of an address begins with.
    static let addressMark: UInt8 = 0xf8
    /// What the key of several fields begins with.
    static let compositeMark: UInt8 = 0xf9

    private static let integerLength = 8
    private static let addressLength = 17
    private static let separator = UInt8(ascii: ",")

    /// The key of an address.
    static func address(_ address: IPAddress) -> ByteString {
        ByteString([addressMark] + IndexValue.address(address).bytes)
    }

    /// The key of several fields, of which each has the key `parts`; bytes sort as the lists of parts do.
    static func composite(_ parts: [ByteString]) -> ByteString {
        var bytes = [compositeMark]
        for part in parts {
            part.withUnsafeBytes { part in
                guard part.first.map(isTextStart) ?? true else { return bytes.append(contentsOf: part) }
                for byte in part {
                    bytes.append(byte)
                    if byte == 0 { bytes.append(0xff) }
                }
                bytes.append(0)
            }
        }
        return ByteString(bytes)
    }

    /// The keys of the fields that a key of several fields has; nil if the bytes are no such key.
    static func parts(_ bytes: UnsafeRawBufferPointer) -> [ByteString]? {
        guard bytes.first == compositeMark else { return nil }
        var (parts, rest): ([ByteString], Slice<UnsafeRawBufferPointer>) = ([], bytes.dropFirst())
        while let first = rest.first {
            if isTextStart(first) {
                guard let part = takeText(&rest) else { return nil }
                parts.append(part)
            } else {
                let length = first == addressMark ? addressLength : integerLength
                guard first != compositeMark, rest.count >= length else { return nil }
                parts.append(ByteString(UnsafeRawBufferPointer(rebasing: rest.prefix(length))))
                rest = rest.dropFirst(length)
            }
        }
        return parts
    }

    /// What the bytes of a key read as, if they are no text: a number, an address, or several of these and of texts.
    static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard let first = bytes.first, !isTextStart(first) else { return nil }
        if first == compositeMark { return parts(bytes).map { composite($0.map(\.string)) } }
        if first == addressMark {
            return bytes.count == addressLength ? IPAddress(bytes: bytes.dropFirst())?.description : nil
        }
        return number(bytes).map { String($0) }
    }

    /// The number whose key the bytes are, if it is one.
    static func number(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let first = bytes.first, 0x80...0xbf ~= first, bytes.count == integerLength else { return nil }
        return Int64(bytes.loadUnaligned(as: UInt64.self).bigEndian ^ 1 << 63)
    }

    /// The text of a key of several fields, which have the texts `parts`: between commas, with commas and percent signs
    /// percent-encoded.
    static func composite(_ parts: [String]) -> String {
        let escaped = parts.map { part -> String in
            guard part.utf8.contains(where: { $0 == separator || $0 == UInt8(ascii: "%") }) else { return part }
            return part.parts(between: "%").joined(separator: "%25").parts(between: ",").joined(separator: "%2C")
        }
        return escaped.joined(separator: ",")
    }

    /// The texts of the fields of a key that reads `text`; nil if it has a percent sign that escapes nothing.
    static func texts(ofComposite text: String) -> [String]? {
        var texts: [String] = []
        for part in text.parts(between: ",") {
            let pieces = part.parts(between: "%")
            var text = String(pieces[0])
            for piece in pieces.dropFirst() {
                guard let sign = piece.hasBytePrefix("25") ? "%" : piece.hasBytePrefix("2C") ? "," : nil else {
                    return nil
                }
                text += sign + (String(piece.utf8.dropFirst(2)) ?? "")
            }
            texts.append(text)
        }
        return texts
    }

    /// Whether a key that begins with `byte` is text.
    static func isTextStart(_ byte: UInt8) -> Bool {
        !(0x80...0xbf ~= byte || byte == addressMark || byte == compositeMark)
    }

    /// Takes a text and its end off; nil if it has none.
    private static func takeText(_ rest: inout Slice<UnsafeRawBufferPointer>) -> ByteString? {
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte != 0 {
                text.append(byte)
            } else if rest.first == 0xff {
                text.append(byte)
                rest = rest.dropFirst()
            } else {
                return ByteString(text)
            }
        }
        return nil
    }
}

extension ByteString {
    /// The number whose key the bytes are, if it is one.
    var number: Int64? { withUnsafeBytes { EncodedKey.number($0) } }
}
