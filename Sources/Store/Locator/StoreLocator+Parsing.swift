extension StoreLocator {
    /// Splits `//host/path` into host and path; an empty host, as in `lmdb:///path`, is none.
    static func readHierarchy(_ text: Substring) throws(StoreError) -> (authority: String?, path: String) {
        guard text.hasPrefix("//") else { return (nil, try percentDecoded(text)) }
        let rest = text.dropFirst(2)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = try percentDecoded(rest[..<slash])
        return (authority.isEmpty ? nil : authority, try percentDecoded(rest[slash...]))
    }

    /// Reads `name=value&name=value`; a name alone has an empty value.
    static func readQuery(_ text: Substring) throws(StoreError) -> [String: String] {
        var query: [String: String] = [:]
        for option in text.split(separator: "&") {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try percentDecoded(parts[0])
            let value = try parts.count > 1 ? percentDecoded(parts[1]) : ""
            if query[name] == nil { query[name] = value }
        }
        return query
    }

    /// The letters, digits and marks that RFC 3986 §2.3 lets stand for themselves everywhere.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~".utf8.contains(byte)
        }
    }

    /// Writes bytes as ASCII: those in ASCII that `keep` accepts as they are, all others and `%` as `%XX`.
    static func percentEncoded(_ bytes: some Sequence<UInt8>, keeping keep: (UInt8) -> Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            if byte < 0x7F, byte != UInt8(ascii: "%"), keep(byte) {
                text.append(byte)
            } else {
                text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func percentDecoded(_ text: Substring) throws(StoreError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                throw StoreError(
                    .badLocator,
                    "the store locator has a wrong escape in \(text): write % as %25, others as % and two hex digits")
            }
            bytes.append(high << 4 | low)
        }
        guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
            throw StoreError(
                .badLocator, "the store locator has bytes in \(text) that are not UTF-8 text: correct them")
        }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
