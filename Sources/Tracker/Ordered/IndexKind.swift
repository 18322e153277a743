/// The kinds of values that indexes order (C §7.1).
public enum IndexKind: String, Sendable, CaseIterable {
    /// Text, ordered by its UTF-8 bytes.
    case string
    /// False before true.
    case boolean
    /// A 64-bit signed number.
    case integer
    /// The text of a UUID.
    case uuid
    /// A point in time.
    case time
    /// An IP address.
    case address
    /// A network in CIDR notation.
    case cidr
    /// A list of texts; an object is found under each of them.
    case list
}
