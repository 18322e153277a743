import Basics
public import JSON
public import Tracker

/// A place that hands variables on: an object, and its type.
public struct VariableScope: Sendable {
    /// The object's type.
    public let typeName: TypeName
    /// The object.
    public let object: StoredObject

    /// The variables that the object has itself.
    public var variables: JSONObject { object.variables }

    /// The object's own value of a variable; nil if it has none.
    func value(_ name: String) -> JSONSlice? { object.document.member(at: ["variables", name]) }
}

extension Snapshot {
    /// The places that an object has variables from, the nearest first (F §5): a device itself, the devices above it, its
    /// labels, then its own cell, region, cloud and project; cells and regions accordingly; all others have their own only.
    public func variableScopes(of object: StoredObject, _ typeName: TypeName) -> [VariableScope] {
        var scopes = [VariableScope(typeName: typeName, object: object)]
        guard VariableScope.inherit.contains(typeName) else { return scopes }
        if typeName == FleetTypes.devices {
            scopes += ancestors(of: ObjectID(typeName, object.key)).map {
                VariableScope(typeName: typeName, object: $0)
            }
            scopes += labelScopes(of: object)
        }
        for (field, target) in VariableScope.outer where target != typeName {
            guard let key = object.document.member(field)?.value(), let found = self.object(target, key.keyText) else {
                continue
            }
            scopes.append(VariableScope(typeName: target, object: found))
        }
        return scopes
    }

    /// What the labels of a device hand on; the last in the order of bytes counts most.
    private func labelScopes(of device: StoredObject) -> [VariableScope] {
        guard let labels = self[FleetTypes.labels], labels.count > 0 else { return [] }
        let project = device.document.member("project_id")?.string ?? ""
        let texts = device.document.member("labels")?.elements.compactMap(\.string) ?? []
        return texts.sortedByBytes().reversed().compactMap { label in
            self[labelID(label, project: project)].map { VariableScope(typeName: FleetTypes.labels, object: $0) }
        }
    }

    /// The variables of an object: its own, and those that the places around it hand on to it. The nearest one's value
    /// counts, as a whole.
    public func resolvedVariables(of object: StoredObject, _ typeName: TypeName) -> JSONObject {
        var resolved: JSONObject = [:]
        for scope in variableScopes(of: object, typeName).reversed() {
            for (name, value) in scope.variables { resolved[name] = value }
        }
        return resolved
    }
}

extension VariableScope {
    /// The types whose objects are handed variables.
    static let inherit: Set<TypeName> = [FleetTypes.devices, FleetTypes.cells, FleetTypes.regions]

    /// The fields that name the places around an object, the nearest first.
    static let outer: [(field: String, target: TypeName)] = [
        ("cell_id", FleetTypes.cells), ("region_id", FleetTypes.regions), ("cloud_id", FleetTypes.clouds),
        ("project_id", FleetTypes.projects),
    ]
}

extension StoredObject {
    /// The variables that the object has itself.
    public var variables: JSONObject { document.member("variables")?.value().objectValue ?? [:] }
}

extension JSONValue {
    /// The text of the key that a field's value names.
    var keyText: String { stringValue ?? intValue.map { String($0) } ?? "" }
}
