import Basics
import JSON
public import Tracker

/// The domain of inventories: clouds, regions, cells, hosts, network devices and networks, with variables that objects hand on to
/// those below them.
public enum Fleet {
    /// The domain, for the catalog of a server.
    public static let domain = Domain(
        "fleet", typePrefix: "fleet_", types: FleetLayout.all.map(type) + [label, machine],
        valueProviders: [MachineVariables.provider])

    /// The object type of a layout.
    private static func type(_ layout: FleetLayout) -> ObjectType {
        let isProject = layout.typeName == FleetTypes.projects
        return ObjectType(
            layout.typeName, schema(layout), key: isProject ? .uuid("id") : .sequence("id"),
            indexes: indexes(layout),
            lookups: lookups(layout),
            references: references(layout), ownerField: layout.isOwned ? "project_id" : nil,
            conventions: Conventions(), rules: FleetRules(layout: layout),
            effects: effects(layout))
    }

    private static func effects(_ layout: FleetLayout) -> [any DraftEffects] {
        switch layout.typeName {
        case FleetTypes.users: [Sealing.keys]
        case FleetTypes.secrets: [Sealing.secrets]
        default: [FleetCascade()]
        }
    }

    private static func lookups(_ layout: FleetLayout) -> [IndexDeclaration] {
        let secrets = [IndexDeclaration("access_secret_id", .integer)]
        return [IndexDeclaration("identity", .string)] + variableIndexes
            + (layout.typeName == FleetTypes.devices ? secrets : [])
    }

    private static func schema(_ layout: FleetLayout) -> ObjectSchema {
        var fields = layout.fields.map(\.field)
        let isProject = layout.typeName == FleetTypes.projects
        fields.append(Field("id", isProject ? .uuid : .integer))
        fields.append(Field("variables", .map(.any)))
        fields.append(Field("created_at", .string, isServerSet: true))
        fields.append(Field("updated_at", .any, isServerSet: true))
        fields.append(Field("identity", .string, isHidden: true))
        if layout.isOwned { fields.append(Field("project_id", .uuid)) }
        if layout.typeName == FleetTypes.devices {
            fields.append(Field("labels", .list(.string)))
            fields.append(Field("access_secret_id", .integer, omitsEmpty: true, isHidden: true))
        }
        if layout.typeName == FleetTypes.secrets {
            fields.append(Field("value", .any, omitsEmpty: true, isHidden: true))
        }
        if layout.typeName == FleetTypes.users {
            fields.append(Field("roles", .list(.string), omitsEmpty: true, isHidden: true))
            fields.append(Field("api_key", .any, omitsEmpty: true, isHidden: true))
            fields.append(Field("key_digest", .string, omitsEmpty: true, isHidden: true))
        }
        return ObjectSchema(layout.typeName.rawValue, fields) { object in
            object["identity"] = .string(layout.identity(of: object))
        }
    }

    private static func indexes(_ layout: FleetLayout) -> [IndexDeclaration] {
        var indexes = [IndexDeclaration("id", layout.isOwned ? .integer : .uuid, isUnique: true)]
        let texts = ["name", "username", "device_type", "interface_type", "kind"]
        for field in layout.fields {
            switch field.form {
            case .text where texts.contains(bytesOf: field.name): indexes.append(IndexDeclaration(field.name, .string))
            case .address: indexes.append(IndexDeclaration(field.name, .address))
            case .reference, .optionalReference: indexes.append(IndexDeclaration(field.name, .integer))
            default: continue
            }
        }
        if layout.isOwned { indexes.append(IndexDeclaration("project_id", .string)) }
        if layout.typeName == FleetTypes.devices { indexes.append(IndexDeclaration("labels", .list)) }
        return indexes
    }

    /// The indexes of variables: by their names, and by what is in them.
    static let variableIndexes = [
        IndexDeclaration("variables", .list),
        IndexDeclaration("variables{}", .list, source: .leaves(field: "variables")),
    ]

    private static func references(_ layout: FleetLayout) -> [Reference] {
        var references = layout.fields.compactMap { field -> Reference? in
            if field.name.utf8.elementsEqual("parent_id".utf8) {
                return Reference.parent("parent_id", of: FleetTypes.devices)
            }
            return field.reference
        }
        if layout.isOwned { references.append(Reference("project_id", to: FleetTypes.projects)) }
        return references
    }
}
