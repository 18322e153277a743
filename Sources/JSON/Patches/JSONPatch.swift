/// A JSON patch (RFC 6902): operations that turn one document into another, in order and all or nothing.
public struct JSONPatch: Sendable, Hashable {
    /// The operations in the order they apply.
    public var operations: [Operation]

    /// A patch of these operations; without any it changes nothing.
    public init(operations: [Operation] = []) { self.operations = operations }

    /// Whether the patch has no operations.
    public var isEmpty: Bool { operations.isEmpty }
}

extension JSONPatch {
    /// One step of a patch.
    public enum Operation: Sendable, Hashable {
        /// Sets a member, inserts an element or replaces the document.
        case add(path: JSONPointer, value: JSONValue)
        /// Removes a value.
        case remove(path: JSONPointer)
        /// Replaces a value that is there.
        case replace(path: JSONPointer, value: JSONValue)
        /// Removes a value and adds it elsewhere.
        case move(from: JSONPointer, path: JSONPointer)
        /// Adds a value that is elsewhere.
        case copy(from: JSONPointer, path: JSONPointer)
        /// Fails unless the value is equal.
        case test(path: JSONPointer, value: JSONValue)

        /// The name on the wire.
        public var name: String {
            switch self {
            case .add: "add"
            case .remove: "remove"
            case .replace: "replace"
            case .move: "move"
            case .copy: "copy"
            case .test: "test"
            }
        }

        /// Where the operation acts.
        public var path: JSONPointer {
            switch self {
            case .add(let path, _), .remove(let path), .replace(let path, _), .move(_, let path), .copy(_, let path),
                .test(let path, _):
                path
            }
        }

        /// Where a moved or copied value comes from.
        public var from: JSONPointer? {
            switch self {
            case .move(let from, _), .copy(let from, _): from
            default: nil
            }
        }

        /// What is added, put in place or compared.
        public var value: JSONValue? {
            switch self {
            case .add(_, let value), .replace(_, let value), .test(_, let value): value
            default: nil
            }
        }
    }
}
