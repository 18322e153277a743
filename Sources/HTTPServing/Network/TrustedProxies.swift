public import Basics
public import HTTPTypes
import JSON

/// The proxies whose word counts for where a request came from, and the one place that decides a client's address.
///
/// A proxy appends the address that it was asked from to `X-Forwarded-For`, or to `Forwarded` (RFC 7239). Whoever stands left
/// of an address that is not a trusted proxy's could have written anything, so the rightmost of those is the client. Of anybody
/// else these fields mean nothing.
public struct TrustedProxies: Sendable, Hashable {
    /// The networks in which trusted proxies are.
    public let networks: [CIDRBlock]

    /// The proxies in `networks`; by default there are none.
    public init(_ networks: [CIDRBlock] = []) { self.networks = networks }

    /// The most addresses of a request that are looked at, from the right; behind more, the last one looked at counts.
    static let longestChain = 32

    /// Whether a trusted proxy has `address`.
    public func contains(_ address: IPAddress) -> Bool { networks.contains { $0.contains(address) } }

    /// Whether a trusted proxy, or this host itself, has the address that `text` spells: connections from there stand for many
    /// clients, so that they are not counted as those of one.
    public func isExempt(_ text: String) -> Bool {
        guard let address = IPAddress(text) else { return false }
        return address.isLoopback || contains(address)
    }

    /// The address of the client that sent a request.
    ///
    /// - Parameters:
    ///   - peer: where the connection comes from; nil where there is no address, as in tests.
    ///   - headers: the request's. `X-Forwarded-For` and `Forwarded` that tell two addresses have not both been written by the
    ///     proxy, so neither counts.
    public func client(of peer: String?, _ headers: HTTPFields) -> String? {
        guard !networks.isEmpty, let peer, let proxy = IPAddress(peer), contains(proxy) else { return peer }
        let chains = [
            Self.chain(headers[values: .forwardedFor], element: Self.forwardedFor),
            Self.chain(headers[values: .forwarded], element: Self.forwarded),
        ].compactMap(\.self)
        let clients = chains.map { client(of: $0, behind: proxy) }
        guard let client = clients.first, clients.allSatisfy({ $0 == client }) else { return peer }
        return client.description
    }

    /// The rightmost address of a chain that is no trusted proxy's; if all are, the leftmost. Text that is no address ends the
    /// chain: of what stands left of it nobody trusted has said anything.
    private func client(of chain: [IPAddress?], behind proxy: IPAddress) -> IPAddress {
        var client = proxy
        for hop in chain.reversed().prefix(Self.longestChain) {
            guard contains(client), let hop else { return client }
            client = hop
        }
        return client
    }

    private static func chain(_ values: [String], element: (Substring) -> IPAddress?) -> [IPAddress?]? {
        values.isEmpty ? nil : values.flatMap { $0.parts(between: ",") }.map(element)
    }

    private static func forwardedFor(_ text: Substring) -> IPAddress? { address(Substring(text.trimmingBlanks)) }

    /// The `for` of an element such as `for=192.0.2.60;proto=https`.
    private static func forwarded(_ element: Substring) -> IPAddress? {
        for pair in element.parts(between: ";") {
            let parts = pair.parts(between: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingBlanks.asciiLowercased.hasSameUTF8(as: "for") else { continue }
            var text = Substring(parts[1].trimmingBlanks)
            if text.hasBytePrefix("\""), text.hasByteSuffix("\""), text.utf8.count >= 2 {
                text = Substring(text.utf8.dropFirst().dropLast())
            }
            return address(text)
        }
        return nil
    }

    /// The address of `192.0.2.60`, `192.0.2.60:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
    private static func address(_ text: Substring) -> IPAddress? {
        if let rest = text.after("[") {
            return rest.firstByteIndex(of: "]").flatMap { IPAddress(String(rest[..<$0])) }
        }
        if let address = IPAddress(String(text)) { return address }
        return text.firstByteIndex(of: ":").flatMap { IPAddress(String(text[..<$0])) }.flatMap { $0.isV4 ? $0 : nil }
    }
}

extension Substring {
    /// The text without blanks at its ends.
    fileprivate var trimmingBlanks: Substring {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let rest = utf8.drop(while: isBlank)
        guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return "" }
        return Substring(rest[...last])
    }
}
