/// Why events cannot be told as asked.
public enum EventError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A text that is no cursor.
    case malformedCursor(String)
    /// What came after the cursor is no longer kept: start over at `oldest`.
    case gone(cursor: EventCursor, oldest: EventCursor)
    /// The cursor is of commits that this store never had, since it is another one or went on from a copy: start over at
    /// `oldest`.
    case foreign(cursor: EventCursor, oldest: EventCursor)
    /// A text that is no filter, and why.
    case malformedFilter(String, String)
    /// The store cannot be read.
    case unavailable(String)

    /// One sentence that names the value and the remedy.
    public var description: String {
        switch self {
        case .malformedCursor(let text):
            "`\(text.prefix(EventCursor.longestText))` is no cursor: use one that this server gave you, or 0 for the oldest"
        case .gone(let cursor, let oldest):
            "What came after \(cursor) is not kept: read the objects again, or start at \(oldest)"
        case .foreign(let cursor, let oldest):
            "\(cursor) is of commits that this store does not have (it is another store, or went on from a copy): "
                + "read the objects again, or start at \(oldest)"
        case .malformedFilter(let text, let reason):
            "`\(text.prefix(200))` is no filter: \(reason)"
        case .unavailable(let reason): "Past events cannot be read: \(reason)"
        }
    }
}
