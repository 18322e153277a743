public import Tracker

/// The fields that most types of dr-provision have.
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
