import Basics
import Crypto
import JSON

/// Tokens that were fetched, a file each, so that a command need not log in again (contract §11.1). All of it
/// blocks.
struct TokenCache: Sendable {
    private let folder: String

    init(folder: String) { self.folder = folder }

    /// A token and when it ends.
    struct Entry: Sendable {
        let token: String
        /// Seconds since 1970.
        let end: Int64
    }

    /// A user of a server. The password is part of it, so that a wrong one never finds the right one's token.
    struct Owner: Sendable {
        let address: ServerAddress
        let user: String
        let password: String

        /// The name of the file: the user for people, a digest for the rest.
        var fileName: String {
            let digest = SHA256.hash(data: Array("\(address)\n\(user)\n\(password)".utf8))
            let name = user.unicodeScalars.map { $0.properties.isAlphabetic && $0.isASCII ? Character($0) : "_" }
            return String(name.prefix(32)) + "-" + Hexadecimal.encode(Array(digest).prefix(16)) + ".token"
        }
    }

    /// The token that is kept for an owner and valid for a minute at least; nil if there is none.
    @available(*, noasync)
    func token(of owner: Owner, now: Int64) -> Entry? {
        guard let text = try? file(owner).read() else { return nil }
        let lines = text.parts(between: "\n").filter { !$0.isEmpty }
        guard lines.count == 2, let end = Int64(lines[0]), end > now + 60 else { return nil }
        return Entry(token: String(lines[1]), end: end)
    }

    /// Keeps a token.
    ///
    /// - Throws: `ClientError` of kind `usage` when it cannot be written.
    @available(*, noasync)
    func keep(_ entry: Entry, for owner: Owner) throws(ClientError) {
        try file(owner).write("\(entry.end)\n\(entry.token)\n")
    }

    /// Forgets what is kept for an owner.
    @available(*, noasync)
    func forget(_ owner: Owner) { file(owner).remove() }

    private func file(_ owner: Owner) -> PrivateFile { PrivateFile(folder + "/" + owner.fileName) }
}
