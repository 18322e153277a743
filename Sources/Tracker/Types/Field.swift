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

extension Field {
    /// Whether the object passed validation, is usable, and why not (C §4.1).
    public static let validation = [
        Field("Validated", .boolean, isServerSet: true),
        Field("Available", .boolean, isServerSet: true),
        Field("Errors", .list(.string), isServerSet: true),
    ]

    /// Whether the object's layer refuses writes.
    public static let access = [Field("ReadOnly", .boolean, isServerSet: true)]

    /// Free annotations of clients.
    public static let meta = [Field("Meta", .map(.string))]

    /// The endpoint that owns the object; empty for ours.
    public static let owned = [Field("Endpoint", .string, isServerSet: true)]

    /// The layer that supplies the object; empty for objects written through the API.
    public static let bundled = [Field("Bundle", .string, isServerSet: true)]

    /// Whether the reply left fields out.
    public static let partialed = [Field("Partial", .boolean, isServerSet: true)]

    /// The groups that most types have: all but `Partial`.
    public static let common = validation + access + meta + owned + bundled
}
