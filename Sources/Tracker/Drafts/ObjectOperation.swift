public import JSON

/// One line of a change set: what a client wants done to one object.
public struct ObjectOperation: Sendable {
    /// What is to be done.
    public enum Action: Sendable {
        /// Make it, from this JSON.
        case create(JSONObject)
        /// Put this JSON in its place.
        case replace(JSONObject)
        /// Apply this patch to what clients see of it.
        case patch(JSONPatch)
        /// Remove it.
        case delete

        /// What it says that it does.
        var intent: WriteIntent {
            switch self {
            case .create: .create
            case .replace: .replace
            case .patch(let patch): .patch(patch)
            case .delete: .remove
            }
        }

        /// `create`, `replace`, `patch` or `delete`.
        public var name: String {
            switch self {
            case .create: "create"
            case .replace: "replace"
            case .patch: "patch"
            case .delete: "delete"
            }
        }
    }

    /// What is to be done.
    public let action: Action
    /// The object's type.
    public let typeName: TypeName
    /// The object's key as in a URL; of a new object, the primary key or nothing.
    public let path: String
    /// The validator that the object must have; `*` for any that exists. Nil for no condition.
    public let ifMatch: String?

    /// An operation.
    public init(_ action: Action, _ typeName: TypeName, at path: String = "", ifMatch: String? = nil) {
        self.action = action
        self.typeName = typeName
        self.path = path
        self.ifMatch = ifMatch
    }

    /// `create users/x`, as messages call it.
    public var description: String {
        path.isEmpty ? "\(action.name) \(typeName)" : "\(action.name) \(typeName)/\(path)"
    }
}

/// Why a change set was refused: the change, and what is wrong with it.
extension TrackerError {
    /// The same refusal, naming the change by its index from zero.
    public func inChange(_ index: Int, _ operation: ObjectOperation) -> TrackerError {
        // What a client may not do is told alike wherever it stands (C §3).
        if code == .denied { return self }
        var error = self
        error.messages = messages.map { "change \(index) (\(operation.description)): \($0)" }
        if error.typeName.isEmpty { error.typeName = operation.typeName.rawValue }
        if error.key.isEmpty { error.key = operation.path }
        return error
    }
}
