public import JSON

/// One field of an object type or record.
public struct Field: Sendable {
    /// The name on the wire.
    public let name: String
    /// What its JSON looks like.
    public let shape: FieldType
    /// What it is when absent, null, or (for strings and numbers with a default) zero.
    public let initial: JSONValue
    /// The shape's zero, made once.
    let zero: JSONValue
    /// Only the server sets it: what a client sends is ignored.
    public let isServerSet: Bool
    /// Left out of the JSON when it has its zero value.
    public let omitsEmpty: Bool
    /// Accepted and stored, never served (a password's hash).
    public let isHidden: Bool
    /// Served to those who read the object itself, but left empty in events, which more people read and keep.
    public let isSecret: Bool

    /// A field of `shape` called `name`.
    ///
    /// - Parameter initial: replaces an absent or zero value; by default the shape's zero.
    public init(
        _ name: String, _ shape: FieldType, initial: JSONValue? = nil, isServerSet: Bool = false,
        omitsEmpty: Bool = false,
        isHidden: Bool = false, isSecret: Bool = false
    ) {
        self.name = name
        self.shape = shape
        zero = shape.zero
        self.initial = initial ?? zero
        self.isServerSet = isServerSet
        self.omitsEmpty = omitsEmpty
        self.isHidden = isHidden
        self.isSecret = isSecret
    }
}
