import Fleet
import JSON
import Tracker

/// Where each variable of an object comes from, and what it hides.
struct VariableExplanation {
    private let object: StoredObject
    private let kind: FleetKind
    private let call: FleetCall

    init(_ object: StoredObject, _ kind: FleetKind, _ call: FleetCall) {
        (self.object, self.kind, self.call) = (object, kind, call)
    }

    var value: JSONValue {
        var variables: JSONObject = [:]
        var explanations: JSONObject = [:]
        let rights = call.variableRights(to: object, in: call.snapshot)
        for origin in call.snapshot.variableOrigins(of: object, kind.typeName) where rights.mayRead(origin.name) {
            variables[origin.name] = origin.place.variables[origin.name]
            explanations[origin.name] = [
                "from": .object(Self.place(origin.place)),
                "hides": .array(
                    origin.hidden.map { scope in
                        var place = Self.place(scope)
                        place["value"] = scope.variables[origin.name]
                        return .object(place)
                    }),
                "redundant": .bool(origin.isRedundant),
            ]
        }
        return ["variables": .object(variables), "explain": .object(explanations)]
    }

    /// What a place is called: its kind, its id and its name.
    private static func place(_ scope: VariableScope) -> JSONObject {
        let members = scope.object.object
        if scope.typeName == FleetTypes.labels {
            return ["kind": "label", "id": members["label"] ?? .null, "name": members["label"] ?? .null]
        }
        let kind = FleetKind.allCases.first { $0.typeName == scope.typeName }
        let name = (kind?.isDevice == true ? scope.object.deviceKind : kind)?.rawValue ?? ""
        return ["kind": .string(name), "id": members["id"] ?? .null, "name": members["name"] ?? .null]
    }
}
