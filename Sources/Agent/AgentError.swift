import Client
import Glibc

/// Why an agent ends, or a task cannot be run, in one sentence that says what to do next.
struct AgentError: Error, Sendable, CustomStringConvertible {
    /// The kinds, by which the exit code is chosen.
    enum Kind: Int32, Sendable {
        /// The server refuses, or something on this machine fails.
        case failed = 1
        /// The command line makes no sense.
        case usage = 2
        /// The server's certificate is not trusted.
        case untrusted = 5
        /// Another agent is at work.
        case busy = 6
    }

    /// The kind.
    let kind: Kind
    /// What happened, and the remedy.
    let description: String

    init(_ kind: Kind, _ description: String) { (self.kind, self.description) = (kind, description) }

    /// What the system says of a file.
    ///
    /// - Parameter verb: what could not be done, as `write`.
    init(_ kind: Kind, doing verb: String, _ path: String) {
        self.init(kind, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }

    /// What the server or the way to it says.
    init(_ error: ClientError) {
        switch error.kind {
        case .usage: self.init(.usage, error.message)
        case .untrusted: self.init(.untrusted, error.message)
        case .denied:
            self.init(
                .failed,
                "\(error.message). The token may have ended, or be another machine's: make one with `muster token` or take it "
                    + "from GET /machines/UUID/token, and give it by --token or RS_TOKEN")
        default: self.init(.failed, error.message)
        }
    }
}
