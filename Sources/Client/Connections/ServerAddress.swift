import Basics
import JSON

/// Where a server is: scheme, host and port, as `https://127.0.0.1:8092`.
public struct ServerAddress: Sendable, CustomStringConvertible {
    /// Whether the connection is encrypted.
    public let isSecure: Bool
    /// A name or an address, without brackets.
    public let host: String
    /// The TCP port.
    public let port: Int

    /// The port that servers have unless told otherwise (contract §1).
    public static let defaultPort = 8092
    /// A server on this machine, where `muster serve` has it.
    public static let local = ServerAddress(isSecure: true, host: "127.0.0.1", port: defaultPort)

    /// An address of known parts.
    public init(isSecure: Bool, host: String, port: Int) {
        (self.isSecure, self.host, self.port) = (isSecure, host, port)
    }

    /// The address that a text means: `https://host:port`, or less of it; what is missing is `https` and 8092. A path is taken as
    /// far as it is empty or `/api/v3`.
    ///
    /// - Throws: `ClientError` of kind `usage` that says what is wrong.
    public init(_ text: String) throws(ClientError) {
        func wrong(_ reason: String) -> ClientError {
            ClientError(.usage, "`\(text)` is no address of a server: \(reason). Write it as https://host:8092")
        }
        var rest = Substring(text)
        var isSecure = true
        if let end = rest.firstRange(of: "://") {
            switch rest[..<end.lowerBound].asciiLowercased {
            case "https": isSecure = true
            case "http": isSecure = false
            default: throw wrong("its scheme is neither https nor http")
            }
            rest = rest[end.upperBound...]
        }
        if let slash = rest.firstByteIndex(of: "/") {
            guard ["/", "/api/v3", "/api/v3/"].contains(String(rest[slash...])) else { throw wrong("it has a path") }
            rest = rest[..<slash]
        }
        let (host, portText) = try Self.parts(of: rest, wrong)
        guard !host.isEmpty else { throw wrong("it names no host") }
        guard !host.utf8.contains(where: { $0 <= 32 || $0 == 64 || $0 == 127 }) else {
            throw wrong("the host has characters that no host has")
        }
        let port = portText.map { Int($0) ?? 0 } ?? Self.defaultPort
        guard (1...65535).contains(port) else {
            throw wrong("the port is not between 1 and 65535")
        }
        self.init(isSecure: isSecure, host: String(host), port: port)
    }

    /// The host and the port of `host:port`, `[host]:port` or less.
    private static func parts(
        of text: Substring, _ wrong: (String) -> ClientError
    ) throws(ClientError) -> (host: Substring, port: Substring?) {
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.firstByteIndex(of: "]") else { throw wrong("a bracket is not closed") }
            let tail = text[text.utf8.index(after: end)...]
            guard tail.isEmpty || tail.utf8.first == UInt8(ascii: ":") else {
                throw wrong("something follows the bracket")
            }
            return (text[text.utf8.index(after: text.startIndex)..<end], tail.isEmpty ? nil : tail.dropFirst())
        }
        guard let colon = text.lastByteIndex(of: ":") else { return (text, nil) }
        guard text[..<colon].firstByteIndex(of: ":") == nil else { throw wrong("an IPv6 address takes brackets") }
        return (text[..<colon], text[text.utf8.index(after: colon)...])
    }

    /// `https://host:port`.
    public var description: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// `host:port`, as requests name it.
    var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}
