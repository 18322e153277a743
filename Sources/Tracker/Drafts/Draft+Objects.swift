public import JSON

/// The five things that can be done to an object.
extension Draft {
    /// Creates an object from a client's JSON.
    ///
    /// - Returns: the object as stored.
    /// - Throws: `undecodable`, `emptyKey`, `alreadyExists` or `invalid`.
    @discardableResult
    public mutating func create(_ prefix: Prefix, _ input: JSONObject) throws(TrackerError) -> StoredObject {
        try create(AdmittedObject(input, type(prefix)))
    }

    /// Creates an object that has been admitted.
    ///
    /// - Returns: the object as stored.
    /// - Throws: `emptyKey`, `alreadyExists` or `invalid`.
    @discardableResult
    public mutating func create(_ admitted: AdmittedObject) throws(TrackerError) -> StoredObject {
        try insert(admitted.object, admitted.type, bundle: "")
    }

    /// Creates an object of the server's own making, which may set what clients cannot.
    ///
    /// - Parameter bundle: what `Bundle` says of where it comes from.
    @discardableResult
    public mutating func found(
        _ prefix: Prefix, _ input: JSONObject, bundle: String = ""
    ) throws(TrackerError) -> StoredObject {
        let type = try type(prefix)
        return try insert(admit(input, type), type, bundle: bundle)
    }

    /// Replaces an object by a client's JSON. What only the server sets, and hidden fields that the client leaves out, stay.
    ///
    /// - Throws: `notFound`, `readOnly`, `undecodable`, `keyChanged`, `locked` or `invalid`.
    @discardableResult
    public mutating func replace(
        _ prefix: Prefix, at path: String, with input: JSONObject
    ) throws(TrackerError) -> StoredObject {
        let type = try type(prefix)
        let old = try writable(object(prefix, at: path), type, path)
        return try put(input, type, over: old, previous: old.object)
    }

    /// Applies a JSON patch to an object as clients see it (C §8.1).
    ///
    /// - Throws: as `replace`, and `patchFailed` with the operation that does not apply.
    @discardableResult
    public mutating func patch(
        _ prefix: Prefix, at path: String, _ patch: JSONPatch
    ) throws(TrackerError) -> StoredObject {
        let type = try type(prefix)
        let old = try object(prefix, at: path)
        if patch.operations.isEmpty { return old }
        let previous = old.object
        let patched = try Self.apply(patch, to: .object(type.served(previous)), ObjectID(prefix, old.key))
        guard case .object(let input) = patched else {
            throw TrackerError(.undecodable, prefix, key: path, "the patch leaves no object but a \(patched.kindName)")
        }
        return try put(input, type, over: writable(old, type, old.key.string), previous: previous)
    }

    /// Changes an object as a client would: the result passes every rule.
    ///
    /// - Throws: as `replace`, and what `change` throws.
    @discardableResult
    public mutating func revise(
        _ prefix: Prefix, at path: String, _ change: (inout JSONObject) throws(TrackerError) -> Void
    ) throws(TrackerError) -> StoredObject {
        try rewrite(prefix, at: path, action: .update, change)
    }

    /// Changes an object on the server's own account: fields that only the server sets are open to it.
    ///
    /// - Throws: as `replace`, and what `change` throws.
    @discardableResult
    public mutating func save(
        _ prefix: Prefix, at path: String, _ change: (inout JSONObject) throws(TrackerError) -> Void
    ) throws(TrackerError) -> StoredObject {
        try rewrite(prefix, at: path, action: .save, change)
    }

    /// Removes an object, and shows again what it overrode.
    ///
    /// - Returns: the object as it was.
    /// - Throws: `notFound`, `readOnly` (only the writable layer's objects can be removed), `stillInUse`, `locked`.
    @discardableResult
    public mutating func remove(_ prefix: Prefix, at path: String) throws(TrackerError) -> StoredObject {
        let type = try type(prefix)
        let old = try object(prefix, at: path)
        guard old.layer == .writable else { throw readOnly(prefix, path, old) }
        let id = ObjectID(prefix, old.key)
        let object = old.object
        try type.rules.checkRemoval(
            of: object, context(.remove, type, key: old.key.string, previous: object))
        try uncover(id, type, old)
        return old
    }

    /// Applies a patch to an object, or to a part of it, on its way into the tracker.
    ///
    /// - Parameter id: the object, for the refusal.
    /// - Throws: `patchFailed`, in the words of C §3.
    public static func apply(
        _ patch: JSONPatch, to value: JSONValue, _ id: ObjectID
    ) throws(TrackerError) -> JSONValue {
        do {
            return try patch.apply(to: value)
        } catch {
            let first = "Patch error at line \(error.index): \(error.reason)"
            throw TrackerError(
                .patchFailed, id.prefix, key: id.key.string, [first, "Patch: \(patch.prettyText())"])
        }
    }
}

extension Draft {
    private func admit(_ input: JSONObject, _ type: ObjectType) throws(TrackerError) -> JSONObject {
        do {
            return try type.record.admit(input)
        } catch {
            throw TrackerError(.undecodable, type.prefix, error.description)
        }
    }

    private mutating func insert(
        _ input: consuming JSONObject, _ type: ObjectType, bundle: String
    ) throws(TrackerError) -> StoredObject {
        let stored = try judgedNew(input, type, bundle: bundle)
        return try enter(stored, type, over: nil, isSave: false)
    }

    /// A new object, after the rules of both kernel and type.
    private mutating func judgedNew(
        _ input: consuming JSONObject, _ type: ObjectType, bundle: String
    ) throws(TrackerError) -> StoredObject {
        var change = context(.create, type, key: type.key.key(of: input), previous: nil)
        try type.rules.complete(&input, change)
        change.key = type.key.key(of: input)
        guard !change.key.isEmpty else { throw TrackerError(.emptyKey, type.prefix, "Empty key not allowed") }
        let id = ObjectID(type.prefix, ByteString(change.key))
        guard view[id] == nil else {
            throw TrackerError(.alreadyExists, type.prefix, key: change.key, "already exists")
        }
        if type.hasBundle { input["Bundle"] = .string(bundle) }
        try prepare(&input, &change)
        return try judge(&input, change, under: id.key)
    }

    /// Has the type's rules change the object, and others with it; `change` is then of the state with what they changed.
    private mutating func prepare(_ object: inout JSONObject, _ change: inout ChangeContext) throws(TrackerError) {
        let count = recordCount
        try change.type.rules.prepare(&object, change, in: &self)
        if recordCount != count { change.view = view }
    }

    private mutating func rewrite(
        _ prefix: Prefix, at path: String, action: ChangeContext.Action,
        _ change: (inout JSONObject) throws(TrackerError) -> Void
    ) throws(TrackerError) -> StoredObject {
        let type = try type(prefix)
        let old = try writable(object(prefix, at: path), type, path)
        let previous = old.object
        var object = previous
        try change(&object)
        return try put(admit(object, type), type, over: old, previous: previous, action: action)
    }

    /// Stores a client's JSON in the place of `old`, which `previous` is the value of.
    private mutating func put(
        _ input: JSONObject, _ type: ObjectType, over old: StoredObject, previous: JSONObject
    ) throws(TrackerError) -> StoredObject {
        var object = try admit(input, type)
        if object[type.key.field] == type.record.field(type.key.field)?.initial {
            object[type.key.field] = previous[type.key.field]
        }
        return try put(object, type, over: old, previous: previous, action: .update)
    }

    /// Stores `input` in the place of `old`, after the rules of both kernel and type.
    private mutating func put(
        _ input: consuming JSONObject, _ type: ObjectType, over old: StoredObject, previous: JSONObject,
        action: ChangeContext.Action
    ) throws(TrackerError) -> StoredObject {
        let stored = try judged(input, type, over: old, previous: previous, action: action)
        return try enter(stored, type, over: old, isSave: action == .save)
    }

    private mutating func judged(
        _ input: consuming JSONObject, _ type: ObjectType, over old: StoredObject, previous: JSONObject,
        action: ChangeContext.Action
    ) throws(TrackerError) -> StoredObject {
        if action == .update {
            for name in type.serverSetFields { input[name] = previous[name] }
            for name in type.hiddenFields where input[name] == nil { input[name] = previous[name] }
        }
        let key = old.key.string
        let named = type.key.key(of: input)
        guard named.hasSameUTF8(as: key) else {
            let message = "\(type.prefix): Key change from \(key) to \(named) not allowed"
            throw TrackerError(.keyChanged, type.prefix, key: key, message)
        }
        var change = context(action, type, key: key, previous: previous)
        try type.rules.complete(&input, change)
        try prepare(&input, &change)
        if old.layer != .writable, type.hasBundle { input["Bundle"] = "" }
        return try judge(&input, change, under: old.key)
    }

    private func writable(
        _ object: StoredObject, _ type: ObjectType, _ path: String
    ) throws(TrackerError) -> StoredObject {
        guard object.layer != .writable else { return object }
        guard view.stack[object.layer]?.kind.isOverwritable == true else {
            throw readOnly(type.prefix, path, object)
        }
        return object
    }

    /// The bare key is what clients know as the refusal's text (C §3).
    private func readOnly(_ prefix: Prefix, _ path: String, _ object: StoredObject) -> TrackerError {
        let isLocked = view.stack[object.layer]?.kind.isOverwritable == false
        let key = object.key.string
        return TrackerError(.readOnly, prefix, key: path, isLocked ? key : "readonly: \(key)")
    }
}

extension ObjectType {
    /// What clients get to see of an object's members.
    fileprivate func served(_ object: JSONObject) -> JSONObject {
        hiddenFields.isEmpty ? object : object.filter { name, _ in !hiddenFields.contains(name) }
    }
}
