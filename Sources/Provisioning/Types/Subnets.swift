import JSON
import Tracker

extension ObjectType {
    /// Subnets: networks that DHCP serves (C §5.2).
    static let subnets = ObjectType(
        "subnets",
        ObjectSchema("Subnet", Field.common + Field.description + subnetFields) { object in
            guard object.texts("Pickers").isEmpty else { return }
            let pickers = object.flag("OnlyReservations") ? ["none"] : ["hint", "nextFree", "mostExpired"]
            object["Pickers"] = JSONValue(pickers)
        },
        key: .text("Name"),
        indexes: [
            .name, .address("Address", source: .network(field: "Subnet")),
            .address("ActiveAddress", source: .range(low: "ActiveStart", high: "ActiveEnd")), .address("NextServer"),
            .flag("Enabled"), IndexDeclaration("Proxy", .boolean), .text("Strategy"),
            IndexDeclaration("Subnet", .cidr, isUnique: true),
        ],
        rules: SubnetRules())

    private static let subnetFields: [Field] =
        Field.texts("Name", "Subnet") + Field.flags("Enabled", "Proxy", "Unmanaged", "OnlyReservations")
        + Field.addresses("NextServer", "ActiveStart", "ActiveEnd") + Field.lists("Pickers")
        + [
            Field("ActiveLeaseTime", .integer, initial: 60),
            Field("ReservedLeaseTime", .integer, initial: 7200),
            Field("Options", .options),
            Field("Strategy", .string, initial: "MAC"),
        ]
}
