/// What a parser accepts from a stranger.
public struct JSONLimits: Sendable, Hashable {
    /// How many arrays and objects may be open at once; the parser and everything that walks its values recurse this deep.
    public var maxDepth: Int
    /// The longest text in bytes.
    public var maxBytes: Int

    /// Limits of `maxDepth` levels and `maxBytes` bytes, by default no limit on the length.
    public init(maxDepth: Int = 256, maxBytes: Int = .max) {
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
    }

    /// 256 levels, any length.
    public static let `default` = JSONLimits()

    /// For text this process wrote itself.
    static let trusted = JSONLimits(maxDepth: .max)
}
