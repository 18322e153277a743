import Basics
import Fleet
import JSON
import Tracker

/// The object that the body of a `POST` describes, as the tracker keeps it.
struct NewObject {
    let object: JSONObject

    /// - Throws: 400 for values that no object can have.
    init(_ resource: FleetResource, _ call: FleetCall) throws {
        var object = try Self.columns(of: call.members, resource)
        object["variables"] = call.members["variables"]
        switch resource.kind {
        case .project: break
        case .user:
            object["project_id"] = try Self.project(call)
            object["roles"] = call.members["roles"]
        default: object["project_id"] = .string(call.rights.caller.project)
        }
        // It may be the number of nothing, which ``FleetLint`` tells.
        if resource.kind == .networkDevice, let secret = call.members["access_secret_id"]?.intValue, secret > 0 {
            object["access_secret_id"] = JSONValue(secret)
        }
        if resource.kind.isDevice {
            object["kind"] = .string(resource.kind.rawValue)
            object["labels"] = call.members["labels"]
            object["active"] = call.members["active"] ?? true
        }
        self.object = object
    }

    /// The members of a body that are columns of the collection's table.
    ///
    /// - Throws: 400 for a number that no object has.
    static func columns(of members: JSONObject, _ resource: FleetResource) throws(FleetRefusal) -> JSONObject {
        guard let layout = FleetLayout.of(resource.kind.typeName) else { return [:] }
        var columns: JSONObject = [:]
        if resource.kind == .accessSecret { columns["value"] = members["value"] }
        for (name, value) in members where !resource.echoed.contains(bytesOf: name) {
            guard let field = layout.field(name) else { continue }
            switch (field.form, value) {
            case (.reference, .number(let number)), (.optionalReference, .number(let number)):
                guard let whole = number.intValue, whole > 0 else {
                    throw FleetRefusal(400, "\(name) \(number) does not exist")
                }
                columns[name] = value
            case (.optionalReference, .null): columns[name] = 0
            default: columns[name] = value
            }
        }
        return columns
    }

    /// The project of a new user, which is the one thing that bodies name a project for.
    private static func project(_ call: FleetCall) throws(FleetRefusal) -> JSONValue {
        let text = call.members["project_id"]?.stringValue ?? ""
        guard let project = PythonUUID.canonical(text) else {
            throw FleetRefusal(400, "project_id \(PythonText.repr(text)) is not a valid UUID")
        }
        return .string(project)
    }
}
