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
                "from": .object(origin.place.object.title(origin.place.typeName)),
                "hides": .array(
                    origin.hidden.map { scope in
                        var place = scope.object.title(scope.typeName)
                        place["value"] = scope.variables[origin.name]
                        return .object(place)
                    }),
                "redundant": .bool(origin.isRedundant),
            ]
        }
        return ["variables": .object(variables), "explain": .object(explanations)]
    }
}

extension StoredObject {
    /// What an object is called: its kind, its id and its name.
    func title(_ typeName: TypeName) -> JSONObject {
        func member(_ name: String) -> JSONValue { document.member(name)?.value() ?? .null }
        switch typeName {
        case FleetTypes.labels: return ["kind": "label", "id": member("label"), "name": member("label")]
        case FleetTypes.machines: return ["kind": "machine", "id": member("host_id"), "name": member("machine")]
        default:
            let kind = FleetKind.allCases.first { $0.typeName == typeName }
            let name = (kind?.isDevice == true ? deviceKind : kind)?.rawValue ?? ""
            return ["kind": .string(name), "id": member("id"), "name": member("name")]
        }
    }
}
