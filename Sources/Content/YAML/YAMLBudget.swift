/// How much one YAML text may make of itself. Aliases and merge keys let a few bytes stand for any number of values, so what
/// they bring is counted apart.
public struct YAMLBudget: Hashable, Sendable {
    /// The longest text, in bytes.
    public var bytes = 64 << 20
    /// The most values and keys as they are written.
    public var nodes = 2_000_000
    /// How deep values may be nested, as in JSON.
    public var depth = 256
    /// The most values and keys that aliases and merge keys bring, as many as dr-provision's own reader lets through.
    public var aliasedNodes = 400_000
    /// The most bytes of text among them.
    public var aliasedBytes = 64 << 20
    /// The most `%TAG` directives, whose cost grows with the square of their number.
    public var tagDirectives = 100
    /// The most remarks that are told one by one.
    public var remarks = 20

    /// The bounds that packs are read with.
    public init() {}
}
