public import JSON

/// Something that is wrong with a file of a pack.
public struct BundleProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file or directory.
    public let path: String
    /// What is wrong with it, with the line where there is one.
    public let reason: String

    /// `path: reason`.
    public var description: String { "\(path): \(reason)" }
}

/// Why a pack on disk cannot be used.
public struct BundleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// All that is wrong, file by file; at least one.
    public let problems: [BundleProblem]

    /// The problems, a line each.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A pack as it was read from disk.
public struct BundleReading: Sendable {
    /// Its `{meta, sections}`.
    public let content: JSONValue
    /// What is odd about its files, though they can be used: keys that are given twice, say.
    public let warnings: [BundleProblem]
}
