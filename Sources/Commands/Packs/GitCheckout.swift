import Basics

/// The git working tree that a folder is part of.
struct GitCheckout {
    /// Where the tree came from: the URL of its remote `origin`, without a login in it.
    let origin: String
    /// The commit that is checked out.
    let commit: String
    /// Whether files of the folder differ from that commit.
    let isChanged: Bool

    /// The tree around a folder; nil if there is none, it has no commit or no origin, or git is not installed.
    @available(*, noasync)
    init?(around folder: String) {
        func git(_ arguments: String...) -> String? {
            // A hook of the user's could wait for somebody, or lock the tree.
            let command = ["git", "-c", "core.fsmonitor=false", "--no-optional-locks", "-C", folder]
            guard let done = ChildProcess.output(of: command + arguments), done.status == 0 else {
                return nil
            }
            return done.output.last == "\n" ? String(done.output.dropLast()) : done.output
        }
        guard let commit = git("rev-parse", "HEAD"), let url = git("remote", "get-url", "origin"), !url.isEmpty,
            let changes = git("status", "--porcelain", "--", ".")
        else { return nil }
        (self.commit, origin, isChanged) = (commit, Self.withoutLogin(url), !changes.isEmpty)
    }

    /// What a pack says of where its code is: `URL#COMMIT`, with `-dirty` if it is not quite that.
    var source: String { "\(origin)#\(commit)\(isChanged ? "-dirty" : "")" }

    /// A URL without the user and password that may stand in it. The user of `git@host:path` says nothing secret and stays.
    static func withoutLogin(_ url: String) -> String {
        guard let scheme = url.firstByteIndex(of: ":"), url[scheme...].hasBytePrefix("://") else { return url }
        let start = url.utf8.index(scheme, offsetBy: 3)
        let end = url[start...].firstByteIndex(of: "/") ?? url.endIndex
        guard let mark = url[start..<end].utf8.lastIndex(of: UInt8(ascii: "@")) else { return url }
        return String(url[..<start] + url[url.utf8.index(after: mark)...])
    }
}
