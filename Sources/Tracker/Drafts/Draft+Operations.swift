import Basics
import JSON

extension Draft {
    /// Does all of `operations` in order.
    ///
    /// - Returns: for each operation the object as it stood after it; of a removed one, as it was.
    /// - Throws: what the first one that fails throws, naming it by its index.
    public mutating func perform(_ operations: [ObjectOperation]) throws(TrackerError) -> [StoredObject] {
        var results: [StoredObject] = []
        results.reserveCapacity(operations.count)
        for (index, operation) in operations.enumerated() {
            do throws(TrackerError) {
                results.append(try perform(operation))
            } catch {
                throw error.inChange(index, operation)
            }
        }
        return results
    }

    /// Does one operation.
    ///
    /// - Throws: `conflict` when the object is not as `ifMatch` demands, `preconditionFailed` when that is no etag of this
    ///   store's, and as `create`, `replace`, `patch` and `remove`.
    public mutating func perform(_ operation: ObjectOperation) throws(TrackerError) -> StoredObject {
        let (typeName, path) = (operation.typeName, operation.path)
        try check(operation)
        switch operation.action {
        case .create(let object): return try create(typeName, keyed(object, operation))
        case .replace(let object): return try replace(typeName, at: path, with: object)
        case .patch(let patch): return try self.patch(typeName, at: path, patch)
        case .delete: return try remove(typeName, at: path)
        }
    }

    private func check(_ operation: ObjectOperation) throws(TrackerError) {
        guard try type(operation.typeName).traits.contains(.writable) else {
            let message = "Objects of the type \(operation.typeName) cannot be written through the API"
            throw TrackerError(.readOnly, operation.typeName, key: operation.path, message)
        }
        guard let wanted = operation.ifMatch else { return }
        let found = try existing(operation).map(view.etag)
        let condition = WriteCondition(match: wanted.hasSameUTF8(as: "*") ? .any : .of([wanted]))
        guard let message = condition.failure(found) else { return }
        // An etag that this store never gave out is another matter than one that has been overtaken.
        let isForeign = view.epochs.isForeign(wanted, newest: base)
        throw TrackerError(
            isForeign ? .preconditionFailed : .conflict, operation.typeName, key: operation.path, message)
    }

    /// The object that an operation is about, as far as the client may know of it.
    private func existing(_ operation: ObjectOperation) throws(TrackerError) -> StoredObject? {
        let object = view.resolve(operation.typeName, operation.path)
        guard let authorization = request.authorization else { return object }
        guard case .create = operation.action else {
            try admit(operation.action.intent, type(operation.typeName), at: operation.path)
            return object
        }
        return object.flatMap { authorization.sees(ObjectID(operation.typeName, $0.key), in: view) ? $0 : nil }
    }

    /// A new object's JSON, with the key that stands beside it; the two must not differ, however the key's fields are spelled.
    private func keyed(_ object: JSONObject, _ operation: ObjectOperation) throws(TrackerError) -> JSONObject {
        if operation.path.isEmpty { return object }
        guard let values = try type(operation.typeName).key.values(operation.path) else {
            let message = "\(operation.path) is no key of the type \(operation.typeName)"
            throw TrackerError(.undecodable, operation.typeName, key: operation.path, message)
        }
        var keyed = object
        for (part, value) in values {
            let field = part.field.asciiLowercased
            let given = object.filter { $0.key.asciiLowercased.hasSameUTF8(as: field) }.compactMap {
                Self.text($0.value)
            }
            if given.isEmpty { keyed[part.field] = value }
            let key = part.form.text(ofPath: Self.text(value) ?? "")
            guard let other = given.first(where: { !part.form.text(ofPath: $0).hasSameUTF8(as: key) }) else { continue }
            let message = "key is \(operation.path), but \(part.field) of the object is \(other): give one, or the same"
            throw TrackerError(.undecodable, operation.typeName, key: operation.path, message)
        }
        return keyed
    }

    /// The text of a key's field; nil if the field is empty or zero, as where no key is given.
    private static func text(_ value: JSONValue) -> String? {
        if let number = value.intValue { return number == 0 ? nil : String(number) }
        return value.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }
}
