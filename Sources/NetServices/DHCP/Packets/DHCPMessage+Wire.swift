import Basics
import Tracker

/// Messages as bytes (RFC 2131 §2, §4.1).
extension DHCPMessage {
    /// Where options begin, behind the fixed fields and the cookie.
    private static let fixedLength = 240
    private static let cookie: [UInt8] = [99, 130, 83, 99]
    /// The shortest message that old relays let through (RFC 1542 §2.1).
    private static let shortest = 300
    /// What a client takes that does not say more (RFC 2131 §2), without the headers of IP and UDP.
    static let usualLength = 548
    /// The longest that is made, whatever a client says.
    static let longest = 1_472

    /// The message that `bytes` are; nil if they are none.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.fixedLength, bytes[0] == 1 || bytes[0] == 2, bytes[2] <= 16,
            bytes[236..<240].elementsEqual(Self.cookie)
        else { return nil }
        isReply = bytes[0] == 2
        (hardwareType, hops) = (bytes[1], bytes[3])
        transaction = bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) }
        seconds = UInt16(bytes[8]) << 8 | UInt16(bytes[9])
        wantsBroadcast = bytes[10] & 0x80 != 0
        clientAddress = Self.address(bytes, 12)
        yourAddress = Self.address(bytes, 16)
        nextServer = Self.address(bytes, 20)
        relayAddress = Self.address(bytes, 24)
        hardwareAddress = Array(bytes[28..<28 + Int(bytes[2])])
        guard Self.read(bytes[240...], into: &options) else { return nil }
        // The fields of names may hold more options instead (RFC 2132 §9.3).
        let overload = options[.overload]?.first ?? 0
        if overload & 1 != 0 {
            guard Self.read(bytes[108..<236], into: &options) else { return nil }
        } else {
            bootFile = Array(bytes[108..<236].prefix { $0 != 0 })
        }
        if overload & 2 != 0 {
            guard Self.read(bytes[44..<108], into: &options) else { return nil }
        } else {
            serverName = Array(bytes[44..<108].prefix { $0 != 0 })
        }
    }

    private static func address(_ bytes: [UInt8], _ start: Int) -> IPAddress {
        IPAddress(bytes: bytes[start..<start + 4]) ?? .none
    }

    /// - Returns: whether there is nothing wrong with the options.
    private static func read(_ bytes: ArraySlice<UInt8>, into options: inout DHCPOptions) -> Bool {
        var rest = bytes
        while let code = rest.popFirst().map({ DHCPOptions.Code(rawValue: $0) }) {
            if code == .pad { continue }
            if code == .end { return true }
            guard let length = rest.popFirst(), rest.count >= Int(length) else { return false }
            options.append(code, rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
        }
        return true
    }

    /// The message as bytes.
    ///
    /// - Parameter most: how long it may be; options that do not fit any more are left out.
    func bytes(atMost most: Int = usualLength) -> [UInt8] {
        var bytes: [UInt8] = [isReply ? 2 : 1, hardwareType, UInt8(clamping: hardwareAddress.count), hops]
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: transaction >> $0) }
        bytes += [UInt8(seconds >> 8), UInt8(truncatingIfNeeded: seconds), wantsBroadcast ? 0x80 : 0, 0]
        for address in [clientAddress, yourAddress, nextServer, relayAddress] { bytes += address.bytes }
        for (field, length) in [(hardwareAddress, 16), (serverName, 64), (bootFile, 128)] {
            bytes += field.prefix(length)
            bytes += repeatElement(0, count: length - min(field.count, length))
        }
        bytes += Self.cookie
        for (code, value) in options.all {
            let pieces = stride(from: 0, to: max(value.count, 1), by: 255).map { value.dropFirst($0).prefix(255) }
            guard bytes.count + value.count + 2 * pieces.count < most else { continue }
            for piece in pieces { bytes += [code.rawValue, UInt8(piece.count)] + piece }
        }
        bytes.append(DHCPOptions.Code.end.rawValue)
        bytes += repeatElement(0, count: max(0, Self.shortest - bytes.count))
        return bytes
    }

    /// How long an answer to this message may be.
    var longestAnswer: Int {
        guard let value = options[.largestMessage], value.count == 2 else { return Self.usualLength }
        // Option 57 counts the headers of IP and UDP.
        let length = (Int(value[0]) << 8 | Int(value[1])) - 28
        return min(max(length, Self.usualLength), Self.longest)
    }
}
