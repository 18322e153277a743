import JSON
public import Tracker

/// The fields of an object type of the domain, in one table (F §3).
public struct FleetLayout: Sendable {
    /// The object type.
    public let typeName: TypeName
    /// The fields that clients write.
    public let fields: [FleetField]
    /// The fields that names are unique under, the name first; empty where names need not be.
    let identity: [String]
    /// Whether objects belong to a project.
    let isOwned: Bool

    private init(_ typeName: TypeName, _ fields: [FleetField], identity: [String] = [], isOwned: Bool = true) {
        (self.typeName, self.fields, self.identity, self.isOwned) = (typeName, fields, identity, isOwned)
    }

    /// The field called `name`.
    public func field(_ name: String) -> FleetField? { fields.first { $0.name.utf8.elementsEqual(name.utf8) } }

    /// The layout of a type; nil if it is none of the domain's.
    public static func of(_ typeName: TypeName) -> FleetLayout? { all.first { $0.typeName == typeName } }

    /// All layouts, in the order of the types.
    public static let all: [FleetLayout] = [
        projects, users, clouds, regions, cells, devices, networks, interfaces, variableRights,
        secrets,
    ]

    static let projects = FleetLayout(FleetTypes.projects, [FleetField("name", .text)], isOwned: false)

    static let users = FleetLayout(
        FleetTypes.users,
        [FleetField("username", .text), FleetField("is_admin", .flag), FleetField("is_root", .flag)],
        identity: ["username", "project_id"])

    static let clouds = FleetLayout(
        FleetTypes.clouds, [FleetField("name", .text), FleetField("note", .note)], identity: ["name", "project_id"])

    static let regions = FleetLayout(
        FleetTypes.regions, [FleetField("name", .text), FleetField("note", .note), cloud],
        identity: ["name", "cloud_id"])

    static let cells = FleetLayout(
        FleetTypes.cells, [FleetField("name", .text), FleetField("note", .note), cloud, region],
        identity: ["name", "region_id"])

    static let devices = FleetLayout(
        FleetTypes.devices,
        [
            FleetField("name", .text), FleetField("note", .note), FleetField("active", .flag),
            FleetField("device_type", .text), FleetField("ip_address", .address), cloud, region, cell,
            FleetField("parent_id", .optionalReference(FleetTypes.devices)), FleetField("kind", .text),
            FleetField("model_name", .optionalText), FleetField("os_version", .optionalText),
            FleetField("vlans", .optionalText),
        ], identity: ["name", "region_id"])

    static let networks = FleetLayout(
        FleetTypes.networks,
        [
            FleetField("name", .text), FleetField("cidr", .text), FleetField("gateway", .text),
            FleetField("netmask", .text), cloud, region, cell, FleetField("ip_block_type", .optionalText),
            FleetField("nss", .optionalText),
        ], identity: ["name", "project_id", "region_id"])

    static let interfaces = FleetLayout(
        FleetTypes.interfaces,
        [
            FleetField("name", .text), FleetField("device_id", .reference(FleetTypes.devices)),
            FleetField("network_id", .optionalReference(FleetTypes.networks)), FleetField("interface_type", .text),
            FleetField("ip_address", .address), FleetField("port", .optionalNumber),
            FleetField("vlan_id", .optionalNumber), FleetField("vlan", .optionalText),
            FleetField("duplex", .optionalText), FleetField("speed", .optionalNumber),
            FleetField("link", .optionalText), FleetField("cdp", .optionalText), FleetField("security", .optionalText),
        ], identity: ["name", "device_id"])

    static let variableRights = FleetLayout(
        FleetTypes.variableRights,
        [FleetField("prefix", .text), FleetField("role", .text), FleetField("access", .oneOf(["read", "write"]))],
        identity: ["prefix", "role", "project_id"])

    static let secrets = FleetLayout(
        FleetTypes.secrets, [FleetField("name", .text)], identity: ["name", "project_id"])

    private static let cloud = FleetField("cloud_id", .reference(FleetTypes.clouds))
    private static let region = FleetField("region_id", .reference(FleetTypes.regions))
    private static let cell = FleetField("cell_id", .optionalReference(FleetTypes.cells))
}

extension FleetLayout {
    /// What makes an object's name one of its own: the values of the fields, each with its length, so that no two lists of values
    /// are alike.
    func identity(of object: JSONObject) -> String {
        identity.map { name in
            let text = object[name]?.stringValue ?? object[name]?.intValue.map { String($0) } ?? ""
            return "\(text.utf8.count):\(text)"
        }.joined()
    }
}
