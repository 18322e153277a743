/// Percent-encoding of URLs (RFC 3986 §2.1).
package enum PercentEncoding {
    /// The text that `bytes` stand for, decoded once. What is no proper escape stands for itself, and bytes that are no UTF-8
    /// are replaced: such a key names nothing.
    ///
    /// - Parameter plusIsSpace: whether `+` is a space, as in queries.
    package static func decode(_ bytes: some BidirectionalCollection<UInt8>, plusIsSpace: Bool = false) -> String {
        let percent = UInt8(ascii: "%")
        let plus = UInt8(ascii: "+")
        guard bytes.contains(where: { $0 == percent || plusIsSpace && $0 == plus }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == percent, let value = value(ofDigits: rest.prefix(2)) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(plusIsSpace && byte == plus ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func value(ofDigits digits: some Collection<UInt8>) -> UInt8? {
        guard digits.count == 2 else { return nil }
        var value: UInt8 = 0
        for digit in digits {
            guard let number = Character(UnicodeScalar(digit)).hexDigitValue, digit < 0x80 else { return nil }
            value = value << 4 | UInt8(number)
        }
        return value
    }
}
