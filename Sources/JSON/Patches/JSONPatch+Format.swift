extension JSONPatch {
    /// Why a JSON value is no patch.
    public struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The 0-based index of the malformed operation; nil when the patch as a whole is not a list.
        public var index: Int?
        /// What is wrong with it.
        public var problem: String

        /// The problem and where it is.
        public var description: String { index.map { "Patch operation \($0): \(problem)" } ?? "Patch: \(problem)" }
    }

    /// The longest pointer in bytes: longer than any that clients make, short enough to be shown and taken apart often.
    public static let longestPointer = 16 << 10

    /// Reads a patch from its JSON form, a list of `{"op", "path", "from", "value"}`.
    ///
    /// Members an operation has no use for are ignored: Go clients send `"from": ""` and `"value": null` with every one.
    public init(_ value: JSONValue) throws(FormatError) {
        guard case .array(let elements) = value else {
            throw FormatError(problem: "must be an array of operations, not \(value.kindName)")
        }
        operations = []
        operations.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            do { operations.append(try Operation(element)) } catch {
                throw FormatError(index: index, problem: error.problem)
            }
        }
    }
}

extension JSONPatch.Operation {
    fileprivate struct Malformed: Error { var problem: String }

    fileprivate init(_ value: JSONValue) throws(Malformed) {
        guard case .object(let members) = value else {
            throw Malformed(problem: "must be an object with op and path, not \(value.kindName)")
        }
        guard let name = members["op"]?.stringValue else { throw Malformed(problem: "op is missing or no string") }
        switch name {
        case "add": self = .add(path: try members.pointer("path"), value: try members.value(for: name))
        case "remove": self = .remove(path: try members.pointer("path"))
        case "replace": self = .replace(path: try members.pointer("path"), value: try members.value(for: name))
        case "move": self = .move(from: try members.pointer("from"), path: try members.pointer("path"))
        case "copy": self = .copy(from: try members.pointer("from"), path: try members.pointer("path"))
        case "test": self = .test(path: try members.pointer("path"), value: try members.value(for: name))
        default:
            throw Malformed(problem: "op `\(name)` is not one of add, remove, replace, move, copy and test")
        }
    }
}

extension JSONObject {
    fileprivate func pointer(_ key: String) throws(JSONPatch.Operation.Malformed) -> JSONPointer {
        guard let text = self[key]?.stringValue else {
            throw JSONPatch.Operation.Malformed(problem: "\(key) is missing or no string")
        }
        let limit = JSONPatch.longestPointer
        guard text.utf8.count <= limit else {
            throw JSONPatch.Operation.Malformed(problem: "\(key) is longer than \(limit) bytes")
        }
        let pointer: JSONPointer
        do { pointer = try JSONPointer(text) } catch {
            throw JSONPatch.Operation.Malformed(problem: "\(key) `\(text)`: \(error)")
        }
        // Deeper than this no document goes.
        let depth = JSONLimits.default.maxDepth
        guard pointer.tokens.count <= depth else {
            throw JSONPatch.Operation.Malformed(problem: "\(key) has more than \(depth) parts")
        }
        return pointer
    }

    fileprivate func value(for operation: String) throws(JSONPatch.Operation.Malformed) -> JSONValue {
        guard let value = self["value"] else {
            throw JSONPatch.Operation.Malformed(problem: "\(operation) must have a value")
        }
        return value
    }
}
