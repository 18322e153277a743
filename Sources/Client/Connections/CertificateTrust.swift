import Basics
import JSON

/// Which certificates of a server are trusted.
public enum CertificateTrust: Sendable {
    /// The one that was shown first, and kept in a file since; a different one is refused (`ssh` does the same).
    case firstUse(KnownServers)
    /// Those that an authority in a PEM file signed, for the name that the server was asked by.
    case authority(path: String)
    /// All. Passwords and tokens go to whoever answers.
    case anything
}

/// The file of the servers that were met: address and fingerprint of the certificate, a line each. All of it blocks.
public struct KnownServers: Sendable {
    /// Where the file is.
    public let path: String

    /// The file at `path`; it need not be there yet.
    public init(path: String) { self.path = path }

    /// What a certificate that was shown means to the file.
    public enum Verdict: Sendable, Equatable {
        /// The address was never met; it is now.
        case met
        /// The certificate is the one of before.
        case known
    }

    /// Compares a fingerprint with the one of before, and keeps it if there was none.
    ///
    /// - Parameter fingerprint: SHA-256 of the certificate, in hexadecimal.
    /// - Throws: `ClientError` of kind `untrusted` when the two differ, `usage` when the file cannot be read or written.
    @available(*, noasync)
    public func check(_ address: ServerAddress, _ fingerprint: String) throws(ClientError) -> Verdict {
        var servers = try read()
        let name = "\(address.host):\(address.port)"
        if let known = servers.first(where: { $0.name.hasSameUTF8(as: name) }) {
            guard known.fingerprint.hasSameUTF8(as: fingerprint) else {
                throw Self.changed(name, known.fingerprint, fingerprint, path)
            }
            return .known
        }
        servers.append((name, fingerprint))
        let text = servers.map { "\($0.name) \($0.fingerprint)\n" }.joined()
        try PrivateFile(path).write(text)
        return .met
    }

    /// Whether an address was met before.
    ///
    /// - Throws: `ClientError` of kind `usage` when the file cannot be read.
    @available(*, noasync)
    public func knows(_ address: ServerAddress) throws(ClientError) -> Bool {
        try read().contains { $0.name.hasSameUTF8(as: "\(address.host):\(address.port)") }
    }

    /// Forgets an address, so that the next certificate is taken.
    ///
    /// - Returns: whether it was known.
    /// - Throws: `ClientError` of kind `usage` when the file cannot be read or written.
    @available(*, noasync)
    public func forget(_ address: ServerAddress) throws(ClientError) -> Bool {
        let servers = try read()
        let rest = servers.filter { !$0.name.hasSameUTF8(as: "\(address.host):\(address.port)") }
        if rest.count == servers.count { return false }
        try PrivateFile(path).write(rest.map { "\($0.name) \($0.fingerprint)\n" }.joined())
        return true
    }

    private func read() throws(ClientError) -> [(name: String, fingerprint: String)] {
        guard let text = try PrivateFile(path).read() else { return [] }
        return text.parts(between: "\n").filter { !$0.isEmpty }.compactMap { line in
            let words = line.parts(between: " ").filter { !$0.isEmpty }
            return words.count == 2 ? (String(words[0]), String(words[1])) : nil
        }
    }

    private static func changed(_ name: String, _ before: String, _ now: String, _ path: String) -> ClientError {
        ClientError(
            .untrusted,
            """
            the certificate of \(name) has changed: it was \(before.prefix(16))…, now it is \(now.prefix(16))…. If the server \
            was set up anew, run `muster context trust` to take the new one; if not, somebody may be listening \
            (kept in \(path))
            """)
    }
}
