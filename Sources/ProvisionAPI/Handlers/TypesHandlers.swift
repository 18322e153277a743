import Basics
import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import Tracker

/// The types that there are, with what commands, tables and completion need to know of them.
struct TypesHandlers: Sendable {
    private let types: [ObjectType]

    /// Handlers that tell of the types of a catalog, but for secret ones and those without endpoints.
    init(_ catalog: Catalog) {
        types = catalog.visibleTypes.filter { !$0.traits.contains(.internalOnly) }
    }

    var routes: [Route] { [Route(.get, "/system/types", .account, list)] }

    private func list(_ call: RequestContext) -> Answer { .json(.array(types.map(Self.description))) }

    private static func description(of type: ObjectType) -> JSONValue {
        [
            "name": .string(type.typeName.rawValue), "aliases": JSONValue(type.typeName.singular.map { [$0] } ?? []),
            "key": .string(type.key.field), "verbs": JSONValue(verbs(of: type)),
            "fields": .array(
                type.schema.fields.filter { !$0.isHidden }.map { field in
                    [
                        "name": .string(field.name), "kind": .string(field.shape.kindName),
                        "serverSet": .bool(field.isServerSet),
                    ]
                }),
            "indexes": .array(
                (type.baseIndexes + type.indexes).map { index in
                    [
                        "name": .string(index.name), "type": .string(index.kindText),
                        "unique": .bool(index.isUnique), "list": .bool(index.kind == .list),
                    ]
                }),
        ]
    }

    private static func verbs(of type: ObjectType) -> [String] {
        var verbs = ["list", "get"]
        if type.traits.contains(.writable) { verbs += ["create", "update", "delete"] }
        if type.traits.contains(.parameters) { verbs.append("params") }
        return verbs
    }
}

extension FieldType {
    /// What values of the type are, as clients are told.
    fileprivate var kindName: String {
        switch self {
        case .list: "list"
        case .map: "map"
        case .record: "object"
        case .any: "any"
        case .boolean: "boolean"
        case .integer, .byte: "number"
        case .string, .time, .address, .hardwareAddress, .uuid, .bytes: "string"
        }
    }
}
