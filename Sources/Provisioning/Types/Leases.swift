import Tracker

extension ObjectType {
    /// Leases: addresses in use (C §5.2).
    static let leases = ObjectType(
        "leases",
        ObjectSchema(
            "Lease",
            Field.common + Field.addresses("Addr", "NextServer", "Via") + Field.texts("Token", "Strategy", "State")
                + Field.integers("Duration") + Field.flags("SkipBoot")
                + [
                    Field("ExpireTime", .time), Field("Options", .options), Field("ProvidedOptions", .options),
                ], fill: { $0.canonicalizeToken() }),
        key: .hexAddress("Addr"),
        indexes: [
            .address("Addr", refusal: "%n must be an IP address"),
            IndexDeclaration("ExpireTime", .time, typeText: "Date/Time string"),
            .text("State"), .text("Strategy"), .token,
        ],
        rules: LeaseRules())
}
