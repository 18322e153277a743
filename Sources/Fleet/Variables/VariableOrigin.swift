import JSON
public import Tracker

/// Where a variable that an object shows comes from, and which values of other places it hides: what Craton called blame.
public struct VariableOrigin: Sendable {
    /// The variable's name.
    public let name: String
    /// The place whose value counts.
    public let place: VariableScope
    /// The places whose values do not, the nearest first.
    public fileprivate(set) var hidden: [VariableScope] = []

    /// Whether the same would be handed on without the value that counts.
    public var isRedundant: Bool {
        hidden.first.map { $0.value(name)?.value() == place.value(name)?.value() } ?? false
    }
}

extension Snapshot {
    /// The origins of all variables that an object shows.
    public func variableOrigins(of object: StoredObject, _ typeName: TypeName) -> [VariableOrigin] {
        var origins: [VariableOrigin] = []
        var positions: JSONObject = [:]
        for scope in variableScopes(of: object, typeName) {
            for name in scope.variables.keys {
                if let position = positions[name]?.intValue {
                    origins[position].hidden.append(scope)
                } else {
                    positions[name] = JSONValue(origins.count)
                    origins.append(VariableOrigin(name: name, place: scope))
                }
            }
        }
        return origins
    }
}
