import Basics
public import JSON

/// The five things that can be done to an object.
extension Draft {
    /// Creates an object from a client's JSON.
    ///
    /// - Returns: the object as stored.
    /// - Throws: `undecodable`, `emptyKey`, `alreadyExists` or `invalid`.
    @discardableResult
    public mutating func create(_ typeName: TypeName, _ input: JSONObject) throws(TrackerError) -> StoredObject {
        let type = try type(typeName)
        let admitted: AdmittedObject
        do throws(TrackerError) {
            admitted = try AdmittedObject(input, type)
        } catch {
            // Those who may not make it are told that, and not what is wrong with it.
            do throws(TrackerError) {
                try authorize(.create, type, at: "", over: nil, previous: nil, after: input)
            } catch let refusal where refusal.code == .denied {
                throw refusal
            } catch {}
            throw error
        }
        return try create(admitted)
    }

    /// Creates an object that has been admitted.
    ///
    /// - Returns: the object as stored.
    /// - Throws: `denied`, `emptyKey`, `alreadyExists` or `invalid`.
    @discardableResult
    public mutating func create(_ admitted: AdmittedObject) throws(TrackerError) -> StoredObject {
        try authorize(.create, admitted.type, at: "", over: nil, previous: nil, after: admitted.object)
        return try insert(admitted.object, admitted.type, layer: "", isByServer: false)
    }

    /// Creates an object of the server's own making, which may set what clients cannot.
    ///
    /// - Parameter layer: what the object says of the layer it comes from.
    @discardableResult
    public mutating func createAsServer(
        _ typeName: TypeName, _ input: JSONObject, layer: String = ""
    ) throws(TrackerError) -> StoredObject {
        let type = try type(typeName)
        return try insert(admit(input, type), type, layer: layer, isByServer: true)
    }

    /// Lets those go on who may make an object as another one is that is there: what they want done comes to the same.
    ///
    /// - Throws: `denied`, or what refuses names that they may not use.
    public func authorizeRemaking(_ object: StoredObject, _ typeName: TypeName) throws(TrackerError) {
        try authorize(.create, type(typeName), at: "", over: nil, previous: nil, after: object.object)
    }

    /// Replaces an object by a client's JSON. What only the server sets, and hidden fields that the client leaves out, stay.
    ///
    /// - Throws: `denied`, `notFound`, `readOnly`, `undecodable`, `keyChanged`, `locked` or `invalid`.
    @discardableResult
    public mutating func replace(
        _ typeName: TypeName, at path: String, with input: JSONObject
    ) throws(TrackerError) -> StoredObject {
        let type = try type(typeName)
        try admit(.replace, type, at: path)
        let old = try writable(object(typeName, at: path), type, path)
        return try put(input, type, over: old, previous: old.object, as: .replace, path)
    }

    /// Applies a JSON patch to an object as clients see it (C §8.1).
    ///
    /// - Throws: as `replace`, and `patchFailed` with the operation that does not apply.
    @discardableResult
    public mutating func patch(
        _ typeName: TypeName, at path: String, _ patch: JSONPatch
    ) throws(TrackerError) -> StoredObject {
        let type = try type(typeName)
        let intent = WriteIntent.patch(patch)
        try admit(intent, type, at: path)
        let old = try object(typeName, at: path)
        let previous = old.object
        if patch.operations.isEmpty {
            try authorize(intent, type, at: path, over: old, previous: previous, after: previous)
            return old
        }
        let patched = try patched(old, type, path, previous, patch)
        return try put(patched, type, over: writable(old, type, old.key.string), previous: previous, as: intent, path)
    }

    /// Changes an object as a client would: the result passes every rule.
    ///
    /// - Parameter intent: what the client says that it does.
    /// - Throws: as `replace`, and what `change` throws.
    @discardableResult
    public mutating func update(
        _ typeName: TypeName, at path: String, as intent: WriteIntent = .replace,
        _ change: (inout JSONObject) throws(TrackerError) -> Void
    ) throws(TrackerError) -> StoredObject {
        try rewrite(typeName, at: path, action: .update, as: intent, change)
    }

    /// Changes an object on the server's own account: fields that only the server sets are open to it.
    ///
    /// - Throws: as `replace`, and what `change` throws.
    @discardableResult
    public mutating func updateAsServer(
        _ typeName: TypeName, at path: String, _ change: (inout JSONObject) throws(TrackerError) -> Void
    ) throws(TrackerError) -> StoredObject {
        try rewrite(typeName, at: path, action: .save, as: nil, change)
    }

    /// Removes an object, and shows again what it overrode.
    ///
    /// - Returns: the object as it was.
    /// - Throws: `denied`, `notFound`, `readOnly` (only the writable layer's objects can be removed), `stillInUse`, `locked`.
    @discardableResult
    public mutating func remove(_ typeName: TypeName, at path: String) throws(TrackerError) -> StoredObject {
        let type = try type(typeName)
        try admit(.remove, type, at: path)
        let old = try object(typeName, at: path)
        if request.authorization != nil {
            let below = view.stack.topmost(ObjectID(typeName, old.key))?.document.value().objectValue
            try authorize(.remove, type, at: path, over: old, previous: old.object, after: below)
        }
        return try removeAsServer(typeName, at: path)
    }

    /// Removes an object on the server's own account.
    ///
    /// - Throws: as `remove`.
    @discardableResult
    public mutating func removeAsServer(_ typeName: TypeName, at path: String) throws(TrackerError) -> StoredObject {
        let type = try type(typeName)
        let old = try object(typeName, at: path)
        let id = ObjectID(typeName, old.key)
        let object = old.object
        // Whoever is told that it is needed need not find out next that it cannot be removed at all.
        try type.rules.checkRemoval(
            of: object, context(.remove, type, key: old.key.string, previous: object))
        if view.stack.topmost(id) == nil { try checkChildren(id) }
        guard old.layer == .writable else { throw readOnly(type, path, old) }
        try reveal(id, type, old)
        return old
    }

    /// Applies a patch to an object, or to a part of it, on its way into the tracker.
    ///
    /// - Parameters:
    ///   - type: the type of the object, for the refusal.
    ///   - key: the object's key, for the refusal.
    ///   - compareWhole: how a `test` of all of `value` compares it; nil for equality.
    /// - Throws: `patchFailed`, in the words of C §3.
    public static func apply(
        _ patch: JSONPatch, to value: JSONValue, _ type: ObjectType, key: String,
        comparingWholeBy compareWhole: JSONPatch.WholeTest? = nil
    ) throws(TrackerError) -> JSONValue {
        do {
            return try patch.apply(to: value, comparingWholeBy: compareWhole)
        } catch {
            let first = type.text(.patchFailed(index: error.index, reason: "\(error.reason)"))
            throw TrackerError(.patchFailed, type.typeName, key: key, [first, type.text(.failedPatch(patch))])
        }
    }
}

extension Draft {
    private func admit(_ input: JSONObject, _ type: ObjectType) throws(TrackerError) -> JSONObject {
        do {
            return try type.schema.decode(input)
        } catch {
            throw TrackerError(.undecodable, type.typeName, type.text(.undecodable(error)))
        }
    }

    private mutating func insert(
        _ input: consuming JSONObject, _ type: ObjectType, layer: String, isByServer: Bool
    ) throws(TrackerError) -> StoredObject {
        try giveNumber(&input, type, isByServer: isByServer)
        let stored = try judgedNew(input, type, layer: layer)
        return try store(stored, type, over: nil, isSave: false)
    }

    /// Has an object of the writable layer that there was not, as somebody says it is.
    ///
    /// One that has what only the server sets comes from a store: it stays as it is, and names that lead nowhere yet make it
    /// unavailable. Any other is as new as if a client had made it.
    mutating func adopt(_ typeName: TypeName, _ input: JSONObject) throws(TrackerError) {
        let type = try type(typeName)
        guard type.serverSetFields.allSatisfy({ input[$0] != nil }) else {
            try createAsServer(typeName, input)
            return
        }
        var object = try admit(input, type)
        try giveNumber(&object, type, isByServer: true)
        let layer = type.common.layer.flatMap { input[$0]?.stringValue } ?? ""
        let stored = try judgedNew(object, type, layer: layer, as: .adopt)
        _ = try store(stored, type, over: nil, isSave: false)
    }

    /// A new object, after the rules of both kernel and type.
    private mutating func judgedNew(
        _ input: consuming JSONObject, _ type: ObjectType, layer: String, as action: ChangeContext.Action = .create
    ) throws(TrackerError) -> StoredObject {
        var change = context(action, type, key: type.key.key(of: input), previous: nil)
        try type.rules.complete(&input, change)
        change.key = type.key.key(of: input)
        guard !change.key.isEmpty else { throw type.key.refusal(of: input, type) }
        let id = ObjectID(type.typeName, type.key.bytes(change.key))
        guard view[id] == nil else {
            throw TrackerError(.alreadyExists, type.typeName, key: change.key, type.text(.alreadyExists))
        }
        if let field = type.common.layer { input[field] = .string(layer) }
        try prepare(&input, &change)
        return try validate(&input, change, under: id.key)
    }

    /// Has the type's effects change the object, and others with it; `change` is then of the state with what they changed.
    private mutating func prepare(_ object: inout JSONObject, _ change: inout ChangeContext) throws(TrackerError) {
        let count = recordCount
        try change.type.prepare(&object, change, in: &self)
        if recordCount != count { change.view = view }
    }

    private mutating func rewrite(
        _ typeName: TypeName, at path: String, action: ChangeContext.Action, as intent: WriteIntent?,
        _ change: (inout JSONObject) throws(TrackerError) -> Void
    ) throws(TrackerError) -> StoredObject {
        let type = try type(typeName)
        if let intent { try admit(intent, type, at: path) }
        let old = try writable(object(typeName, at: path), type, path)
        let previous = old.object
        var object = previous
        do throws(TrackerError) {
            try change(&object)
        } catch {
            if let intent { try refuse(intent, type, at: path, over: old, previous: previous) }
            throw error
        }
        return try put(admit(object, type), type, over: old, previous: previous, action: action, as: intent, path)
    }

    /// What a patch makes of what clients see of an object.
    private func patched(
        _ old: StoredObject, _ type: ObjectType, _ path: String, _ previous: JSONObject, _ patch: JSONPatch
    ) throws(TrackerError) -> JSONObject {
        do throws(TrackerError) {
            let patched = try Self.apply(
                patch, to: .object(type.served(previous)), type, key: old.key.string,
                comparingWholeBy: type.schema.agrees)
            if case .object(let input) = patched { return input }
            let message = "the patch leaves no object but a \(patched.kindName)"
            throw TrackerError(.undecodable, type.typeName, key: path, message)
        } catch {
            try refuse(.patch(patch), type, at: path, over: old, previous: previous)
            throw error
        }
    }

    /// Of an operation that cannot be done, and of which nobody knows what it would change: refuses it to those who may not do
    /// all that it says.
    private func refuse(
        _ intent: WriteIntent, _ type: ObjectType, at path: String, over old: StoredObject, previous: JSONObject
    ) throws(TrackerError) {
        try authorize(intent, type, at: path, over: old, previous: previous, after: nil)
    }

    /// Stores a client's JSON in the place of `old`, which `previous` is the value of.
    private mutating func put(
        _ input: JSONObject, _ type: ObjectType, over old: StoredObject, previous: JSONObject, as intent: WriteIntent,
        _ path: String
    ) throws(TrackerError) -> StoredObject {
        var object = try admit(input, type)
        for field in type.key.parts.map(\.field) where object[field] == type.schema.field(field)?.initial {
            object[field] = previous[field]
        }
        return try put(object, type, over: old, previous: previous, action: .update, as: intent, path)
    }

    /// Stores `input` in the place of `old`, after the rules of both kernel and type.
    private mutating func put(
        _ input: consuming JSONObject, _ type: ObjectType, over old: StoredObject, previous: JSONObject,
        action: ChangeContext.Action, as intent: WriteIntent?, _ path: String
    ) throws(TrackerError) -> StoredObject {
        let stored = try judged(input, type, over: old, previous: previous, action: action, as: intent, path)
        return try store(stored, type, over: old, isSave: action == .save)
    }

    private mutating func judged(
        _ input: consuming JSONObject, _ type: ObjectType, over old: StoredObject, previous: JSONObject,
        action: ChangeContext.Action, as intent: WriteIntent?, _ path: String
    ) throws(TrackerError) -> StoredObject {
        if action == .update {
            for name in type.serverSetFields { input[name] = previous[name] }
            for name in type.hiddenFields where input[name] == nil { input[name] = previous[name] }
        }
        let key = old.key.string
        let named = type.key.key(of: input)
        guard named.hasSameUTF8(as: key) else {
            throw TrackerError(
                .keyChanged, type.typeName, key: key, type.text(.keyChanged(type.typeName, from: key, to: named)))
        }
        if let intent { try authorize(intent, type, at: path, over: old, previous: previous, after: input) }
        var change = context(action, type, key: key, previous: previous)
        change.intent = intent
        try type.rules.complete(&input, change)
        try prepare(&input, &change)
        if old.layer != .writable, let field = type.common.layer { input[field] = "" }
        return try validate(&input, change, under: old.key)
    }

    private func writable(
        _ object: StoredObject, _ type: ObjectType, _ path: String
    ) throws(TrackerError) -> StoredObject {
        guard object.layer != .writable else { return object }
        guard view.stack[object.layer]?.kind.isOverwritable == true else {
            throw readOnly(type, path, object)
        }
        return object
    }

    private func readOnly(_ type: ObjectType, _ path: String, _ object: StoredObject) -> TrackerError {
        let isOverwritable = view.stack[object.layer]?.kind.isOverwritable != false
        let refusal = Refusal.readOnly(key: object.key.string, isOverwritable: isOverwritable)
        return TrackerError(.readOnly, type.typeName, key: path, type.text(refusal))
    }
}

extension ObjectType {
    /// What clients get to see of an object's members.
    fileprivate func served(_ object: JSONObject) -> JSONObject {
        hiddenFields.isEmpty ? object : object.filter { name, _ in !hiddenFields.contains(name) }
    }
}
