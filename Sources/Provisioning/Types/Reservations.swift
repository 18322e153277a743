import Tracker

extension ObjectType {
    /// Reservations: addresses kept for one client each (C §5.2).
    static let reservations = ObjectType(
        "reservations",
        ObjectSchema(
            "Reservation",
            Field.common + Field.description + Field.addresses("Addr", "NextServer") + Field.texts("Token", "Strategy")
                + Field.flags("Scoped") + Field.integers("Duration")
                + [Field("Subnet", .string, isServerSet: true), Field("Options", .options)],
            fill: { $0.canonicalizeToken() }),
        key: .hexAddress("Addr"),
        indexes: [.address("Addr"), .address("NextServer"), .text("Strategy"), .token],
        references: [Reference("Subnet", to: "subnets")], rules: ReservationRules())
}
