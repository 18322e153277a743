public import JSON
public import Tracker

/// The params of one object, as the params endpoints change them (C §9).
extension Draft {
    /// Sets one param of an object.
    ///
    /// - Throws: `invalid` when the value breaks the param's schema; as `revise`.
    public mutating func setParam(
        _ typeName: TypeName, at path: String, _ name: String, to value: JSONValue
    ) throws(TrackerError) {
        let part = WriteIntent.part(JSONPointer(tokens: ["Params", name]))
        try reviseParams(typeName, at: path, as: part) { (params) throws(TrackerError) in params[name] = value }
    }

    /// Replaces all params of an object.
    ///
    /// - Throws: as `setParam`.
    public mutating func setParams(_ typeName: TypeName, at path: String, to params: JSONObject) throws(TrackerError) {
        let part = WriteIntent.part(JSONPointer(tokens: ["Params"]))
        try reviseParams(typeName, at: path, as: part) { (old) throws(TrackerError) in old = params }
    }

    /// Applies a patch to the map of an object's params.
    ///
    /// - Returns: the params after it.
    /// - Throws: `patchFailed`; as `setParam`.
    @discardableResult
    public mutating func patchParams(
        _ typeName: TypeName, at path: String, _ patch: JSONPatch
    ) throws(TrackerError) -> JSONObject {
        let (type, key) = (try type(typeName), view.resolve(typeName, path)?.key.string ?? path)
        return try reviseParams(typeName, at: path, as: .patch(patch, below: "Params")) {
            (params) throws(TrackerError) in
            let patched = try Draft.apply(patch, to: .object(params), type, key: key)
            guard case .object(let result) = patched else {
                throw TrackerError(
                    .undecodable, typeName, key: path, "the patch leaves no map but a \(patched.kindName)")
            }
            params = result
        }
    }

    /// Removes one param of an object.
    ///
    /// - Returns: the value it had.
    /// - Throws: `notFound` of `params` when the object does not have it; as `revise`.
    @discardableResult
    public mutating func removeParam(
        _ typeName: TypeName, at path: String, _ name: String
    ) throws(TrackerError) -> JSONValue {
        var removed: JSONValue?
        let part = WriteIntent.part(JSONPointer(tokens: ["Params", name]))
        try reviseParams(typeName, at: path, as: part) { (params) throws(TrackerError) in
            removed = params.removeValue(forKey: name)
            if removed == nil { throw .notFound("params", name) }
        }
        return removed ?? .null
    }

    @discardableResult
    private mutating func reviseParams(
        _ typeName: TypeName, at path: String, as intent: WriteIntent,
        _ change: (inout JSONObject) throws(TrackerError) -> Void
    ) throws(TrackerError) -> JSONObject {
        guard try type(typeName).traits.contains(.parameters) else { throw .notFound(typeName, path) }
        let stored = try update(typeName, at: path, as: intent) { (object) throws(TrackerError) in
            var params = object.members("Params")
            try change(&params)
            object["Params"] = .object(params)
        }
        return stored.object.members("Params")
    }
}
