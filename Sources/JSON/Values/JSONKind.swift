/// The six sorts of JSON value; the raw value is the word used in messages.
public enum JSONKind: String, Sendable, Hashable, CaseIterable {
    case null, bool, number, string, array, object
}
