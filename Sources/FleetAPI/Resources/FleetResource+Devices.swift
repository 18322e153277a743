import Basics
import Fleet
import JSON

/// The collections of devices, and of what connects them.
extension FleetResource {
    static let hosts = FleetResource(
        kind: .host, path: "hosts", listKey: "hosts",
        creating: BodySchema(
            placed + [
                ("ip_address", .string), ("device_type", .string), ("parent_id", .integer), ("active", .lenientFlag),
                ("note", .string), ("labels", .strings), ("links", .objects),
            ], required: ["cloud_id", "device_type", "ip_address", "name", "region_id"]),
        changing: BodySchema([
            ("name", .string), ("note", .string), ("ip_address", .string), ("device_type", .string),
            ("active", .lenientFlag), ("parent_id", .optionalInteger), ("cloud_id", .integer), ("region_id", .integer),
            ("cell_id", .integer),
        ]),
        filters: deviceFilters(place: .integer) + [.init("label", .string)],
        columns: ["id", "name", "note", "active", "device_type", "ip_address"] + ownColumns, showsResolved: true,
        resolvesVariables: true)

    static let networkDevices = FleetResource(
        kind: .networkDevice, path: "network-devices", listKey: "network_devices",
        creating: BodySchema(
            placed + [
                ("ip_address", .string), ("device_type", .string), ("parent_id", .integer), ("active", .lenientFlag),
                ("model_name", .string), ("os_version", .string), ("vlans", .string), ("links", .objects),
            ] + references, required: ["cloud_id", "device_type", "ip_address", "name", "region_id"]),
        changing: BodySchema([
            ("name", .string), ("ip_address", .string), ("device_type", .string), ("model_name", .string),
            ("os_version", .string), ("vlans", .string), ("parent_id", .optionalInteger),
        ]),
        filters: deviceFilters(place: .string),
        columns: ["id", "name", "active", "device_type", "ip_address", "model_name", "os_version", "vlans"]
            + ownColumns, unsortable: ["model_name", "os_version", "vlans"], showsResolved: true,
        echoed: references.map(\.name))

    static let networks = FleetResource(
        kind: .network, path: "networks", listKey: "networks",
        creating: BodySchema(
            placed + addressRange + [("ip_block_type", .string), ("nss", .string)],
            required: ["cidr", "cloud_id", "gateway", "name", "netmask", "region_id"]),
        changing: BodySchema([("name", .string)] + addressRange + [("ip_block_type", .string), ("nss", .string)]),
        filters: [
            .init("id", .integer), .init("name", .string), .init("region_id", .string), .init("cell_id", .string),
            .init("network_type", .string), .init("vars", .string), .init("details", .boolean, initial: false),
            .init("resolved-values", .boolean, initial: true),
        ],
        columns: [
            "id", "name", "cidr", "gateway", "netmask", "ip_block_type", "nss", "cloud_id", "region_id", "cell_id",
            "project_id",
        ] + times)

    static let networkInterfaces = FleetResource(
        kind: .networkInterface, path: "network-interfaces", listKey: "network_interfaces",
        creating: BodySchema(
            connection + [
                ("device_id", .integer), ("ip_address", .string), ("network_id", .integer), ("vlan_id", .integer),
                ("variables", .variables),
            ], required: ["device_id", "interface_type", "ip_address", "name"]),
        changing: BodySchema(connection),
        filters: [
            .init("id", .integer), .init("device_id", .integer), .init("ip_address", .string),
            .init("interface_type", .string),
        ],
        columns: ["id", "device_id", "network_id", "ip_address", "vlan_id", "project_id"] + connection.map(\.name)
            + times, hasVariableEndpoints: false)

    private static let placed: [(name: String, type: PropertyType)] = [
        ("name", .string), ("cloud_id", .integer), ("region_id", .integer), ("cell_id", .integer),
        ("variables", .variables),
    ]

    /// What a network device may refer to in a body; it is not kept (F §3).
    private static let references: [(name: String, type: PropertyType)] = [
        ("access_secret_id", .integer), ("interface_id", .integer), ("network_id", .integer),
    ]

    private static let addressRange: [(name: String, type: PropertyType)] = [
        ("cidr", .string), ("gateway", .string), ("netmask", .string),
    ]

    private static let connection: [(name: String, type: PropertyType)] = [
        ("name", .string), ("interface_type", .string), ("vlan", .string), ("port", .integer), ("duplex", .string),
        ("speed", .integer), ("link", .string), ("cdp", .string), ("security", .string),
    ]

    private static let ownColumns = ["cloud_id", "region_id", "cell_id", "parent_id", "project_id"] + times

    private static func deviceFilters(place: QuerySchema.Kind) -> [QuerySchema.Argument] {
        [
            .init("id", .integer), .init("name", .string), .init("region_id", place), .init("cloud_id", .integer),
            .init("cell_id", place), .init("device_type", .string), .init("ip_address", .string),
        ] + variableFilters
    }
}
