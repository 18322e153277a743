/// Why a text cannot be read as YAML.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line that it is about, from 1; zero if it is about the text as a whole.
    public let line: Int
    /// What is wrong there.
    public let reason: String

    /// `line 3: reason`.
    public var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}

/// Something in a text that is read, but hardly as it was meant.
public struct YAMLRemark: Hashable, Sendable, CustomStringConvertible {
    /// The line that it is about, from 1.
    public let line: Int
    /// What is odd there.
    public let text: String

    /// `line 3: text`.
    public var description: String { "line \(line): \(text)" }
}
