/// Why a text is no JSON pointer, or why a pointer leads nowhere in a document.
///
/// The texts are part of the wire contract (C §8.1): clients show and compare them.
public enum JSONPointerError: Error, Sendable, Hashable {
    /// The text is neither empty nor begins with `/`.
    case missingSlash(String)
    /// A `~` in an escaped token is not followed by `0` or `1`.
    case illegalTilde(token: String)
    /// The object has no such member.
    case notMember(key: String, object: JSONObject)
    /// The token is to select an array element but is no index: digits without a leading zero.
    case notIndex(token: String)
    /// The array has no element at the index.
    case indexOutOfBounds
    /// The rest of the pointer goes on into a value that has no parts.
    case notIndexable(rest: JSONPointer)
    /// Nothing to remove at the pointer.
    case nothingToRemove(JSONPointer)
    /// Nothing to replace at the pointer.
    case nothingToReplace(JSONPointer)
    /// A value cannot be put into a scalar.
    case notPuttable
    /// A value cannot be removed from a scalar.
    case notRemovable
}

extension JSONPointerError: CustomStringConvertible {
    /// The text of the error.
    public var description: String {
        switch self {
        case .missingSlash: "Initial character of a non-empty pointer must be `/`"
        case .illegalTilde(let token): "`\(token)` has an illegal unescaped ~"
        case .notMember(let key, let object): "Selector \(key) not a member of \(JSONValue.object(object).goSyntax)"
        case .notIndex(let token): "strconv.Atoi: parsing \(token.goQuoted): invalid syntax"
        case .indexOutOfBounds: "Index out of bounds"
        case .notIndexable(let rest): "Cannot index pointer \(rest) for non-indexable JSON value"
        case .nothingToRemove(let pointer): "`\(pointer)` does not point to an existing location"
        case .nothingToReplace(let pointer): "\(pointer) does not refer to an existing location"
        case .notPuttable: "Cannot put to non-indexable JSON value"
        case .notRemovable: "Cannot remove non-indexable JSON value"
        }
    }
}
