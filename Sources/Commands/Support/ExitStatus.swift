import Client

/// What the exit code of a command says.
public enum ExitStatus: Int32, Sendable {
    /// Everything went well.
    case success = 0
    /// The server refuses, or differences were found.
    case refused = 1
    /// The command line makes no sense.
    case usage = 2
    /// There is no such thing.
    case notFound = 3
    /// Something changed meanwhile, exists already, or is in use.
    case conflict = 4
    /// The server cannot be reached or trusted, or cannot answer.
    case unreachable = 5
    /// It could not be found out.
    case unchecked = 6

    /// The status of an error.
    init(_ kind: ClientError.Kind) {
        self =
            switch kind {
            case .usage: .usage
            case .refused, .denied: .refused
            case .notFound: .notFound
            case .conflict: .conflict
            case .unreachable, .untrusted, .unavailable: .unreachable
            case .malformed: .unchecked
            }
    }
}
