import Fleet
import JSON

/// The collections of those who have an inventory: projects, users, and who may read and write which variables.
extension FleetResource {
    static let projects = FleetResource(
        kind: .project, path: "projects", listKey: "projects",
        creating: BodySchema([("name", .string), ("variables", .variables)], required: ["name"]), changing: nil,
        filters: [.init("name", .string), .init("vars", .string), .init("details", .boolean, initial: false)],
        columns: ["id", "name"] + times, readLevel: .admin, writeLevel: .root, listLevel: .root)

    static let users = FleetResource(
        kind: .user, path: "users", listKey: "users",
        creating: BodySchema(
            [
                ("username", .string), ("project_id", .string), ("is_admin", .boolean), ("roles", .strings),
                ("api_key", .string),
            ], required: ["username", "project_id"]), changing: nil,
        filters: [.init("id", .integer), .init("name", .string)],
        columns: ["id", "username", "api_key", "is_admin", "project_id"] + times, unsortable: ["api_key"],
        hasVariables: false, hasVariableEndpoints: false, readLevel: .admin, writeLevel: .admin, listLevel: .admin,
        echoed: ["roles"])

    /// Not of the contract: who may read and write which variables.
    static let variableRights = FleetResource(
        kind: .variableRight, path: "variable-rights", listKey: "variable_rights",
        creating: BodySchema(right, required: ["prefix", "role", "access"]), changing: BodySchema(right),
        filters: [.init("prefix", .string), .init("role", .string)],
        columns: ["id", "project_id"] + right.map(\.name) + times, hasVariables: false, hasVariableEndpoints: false,
        readLevel: .admin, writeLevel: .admin, listLevel: .admin)

    /// Not of the contract: what network devices are reached with. The value of one is told to nobody.
    static let accessSecrets = FleetResource(
        kind: .accessSecret, path: "access-secrets", listKey: "access_secrets",
        creating: BodySchema([("name", .string), ("value", .any)], required: ["name", "value"]),
        changing: BodySchema([("name", .string), ("value", .any)]),
        filters: [.init("id", .integer), .init("name", .string)], columns: ["id", "name", "project_id"] + times,
        hasVariables: false, hasVariableEndpoints: false, writeLevel: .admin)

    private static let right: [(name: String, type: PropertyType)] = [
        ("prefix", .string), ("role", .string), ("access", .string),
    ]
}
