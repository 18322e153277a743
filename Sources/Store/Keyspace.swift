/// The separate, sorted key ranges of a store.
public enum Keyspace: String, CaseIterable, Sendable {
    /// What every layer of every table holds.
    case data
    /// Commit records, keyed by big-endian revision, so that they sort in the order they were made.
    case commits
    /// Small named values, such as the revision reached or the identity of the store.
    case metadata
    /// What objects were before commits changed them.
    case versions
    /// What belongs to objects and does not live in memory: samples, logs. Stores made before it was known have none until they
    /// are opened for writing.
    case side

    /// Its place in `allCases`, for stores that keep one thing per keyspace in an array.
    var ordinal: Int {
        switch self {
        case .data: 0
        case .commits: 1
        case .metadata: 2
        case .versions: 3
        case .side: 4
        }
    }

    /// Those that a store of the newest format has had from the beginning.
    static let original: [Keyspace] = [.data, .commits, .metadata, .versions]
}
