/// An IP address, version 4 or 6.
///
/// A version-4 address and its mapping into version 6 (`::ffff:a.b.c.d`) are one address, written in the version-4
/// form.
public struct IPAddress: Hashable, Comparable, Sendable {
    /// The address as a number, with IPv4 as mapped into IPv6 (RFC 4291 §2.5.5.2).
    package let number: UInt128

    package init(number: UInt128) {
        self.number = number
    }

    /// An address of 4 or 16 bytes, in network order; nil for any other number of bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        self.number = bytes.count == 4 ? number | Self.mappedPrefix : number
    }

    /// Parses dotted decimal IPv4 or any textual form of IPv6 (RFC 4291 §2.2); nil for anything else, such as a zone or
    /// a decimal with a leading zero, which some read as octal.
    public init?(_ text: String) {
        var text = text
        guard let address = text.withUTF8({ IPAddress(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = address
    }

    /// Parses the same out of bytes of UTF-8.
    package init?(utf8 text: UnsafeRawBufferPointer) {
        if text.contains(UInt8(ascii: ":")) {
            guard let number = Self.parseV6(Array(text)[...]) else { return nil }
            self.number = number
        } else {
            guard let number = Self.parseV4(text) else { return nil }
            self.number = Self.mappedPrefix | UInt128(number)
        }
    }

    /// Whether this is an IPv4 address.
    public var isV4: Bool { number >> 32 == Self.mappedPrefix >> 32 }

    /// Whether this host itself has the address: 127.0.0.0/8 or `::1`.
    public var isLoopback: Bool { isV4 ? UInt8(truncatingIfNeeded: number >> 24) == 127 : number == 1 }

    /// The part of the address that belongs to one client: all of IPv4; of IPv6 the first 64 bits, since who has one address has
    /// all that share them.
    public var clientPart: IPAddress { isV4 ? self : IPAddress(number: (number >> 64) << 64) }

    /// The bytes in network order: 4 or 16.
    public var bytes: [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0.suffix(isV4 ? 4 : 16)) }
    }

    /// The order of the numbers; all IPv4 addresses are together.
    public static func < (left: IPAddress, right: IPAddress) -> Bool { left.number < right.number }

    private static let mappedPrefix: UInt128 = 0xffff << 32
}

// MARK: Text

extension IPAddress: CustomStringConvertible {
    /// The canonical text: dotted decimal, or the form of RFC 5952.
    public var description: String {
        if isV4 { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: number >> (16 * (7 - $0))) }
        let gap = Self.longestZeros(groups)
        let text = { (part: Range<Int>) in groups[part].map { String($0, radix: 16) }.joined(separator: ":") }
        return gap.count < 2 ? text(0..<8) : text(0..<gap.lowerBound) + "::" + text(gap.upperBound..<8)
    }

    /// The first of the longest runs of zeros.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        return longest
    }

    private static func parseV4(_ text: some Sequence<UInt8>) -> UInt32? {
        var (number, octet): (UInt32, UInt32) = (0, 0)
        var (dots, digits) = (0, 0)
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                number = number << 8 | octet
                (octet, digits, dots) = (0, 0, dots + 1)
            } else {
                guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte, digits == 0 || octet > 0 else { return nil }
                octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
                guard octet <= 255 else { return nil }
                digits += 1
            }
        }
        return dots == 3 && digits > 0 ? number << 8 | octet : nil
    }

    private static func parseV6(_ text: ArraySlice<UInt8>) -> UInt128? {
        let colon = UInt8(ascii: ":")
        // An empty part stands for the gap; at the very start or end it takes two, of which one is dropped here.
        var parts = text.split(separator: colon, maxSplits: 9, omittingEmptySubsequences: false)
        if parts.first!.isEmpty {
            guard parts.count > 2, parts[1].isEmpty else { return nil }
            parts.removeFirst()
        }
        if parts.last!.isEmpty, parts.count > 1 {
            guard parts[parts.count - 2].isEmpty else { return nil }
            parts.removeLast()
        }
        var groups: [UInt16] = []
        var gap: Int?
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                guard gap == nil else { return nil }
                gap = groups.count
            } else if index == parts.count - 1, let number = parseV4(part) {
                groups += [UInt16(number >> 16), UInt16(truncatingIfNeeded: number)]
            } else {
                guard let group = parseGroup(part) else { return nil }
                groups.append(group)
            }
        }
        return number(groups, gap: gap)
    }

    /// The number of eight groups, or of fewer around a gap of zeros, which stands for one group at least.
    private static func number(_ groups: [UInt16], gap: Int?) -> UInt128? {
        guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
        var groups = groups
        groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap ?? 0)
        return groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private static func parseGroup(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard text.count <= 4 else { return nil }
        var group: UInt16 = 0
        for byte in text {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            group = group << 4 | UInt16(digit)
        }
        return group
    }
}
