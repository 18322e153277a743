import JSON
import Provisioning
import Testing
import Tracker

/// Subnets, reservations and leases among each other (C §5.2).
@Suite struct NetworkTests {
    static func subnet(_ name: String, _ network: String, _ more: JSONObject = [:]) -> JSONObject {
        let base: JSONObject = ["Name": .string(name), "Subnet": .string(network), "OnlyReservations": true]
        return base.merging(more) { _, new in new }
    }

    @Test func `a new subnet tells clients its mask and broadcast address first`() async throws {
        let world = try await TestServer()
        let subnet = try await world.create(
            "subnets", Self.subnet("sn", "10.1.0.0/22", ["Options": [["Code": 3, "Value": "10.1.0.1"]]]))
        #expect(
            subnet["Options"] == [
                ["Code": 1, "Value": "255.255.252.0"], ["Code": 28, "Value": "10.1.3.255"],
                ["Code": 3, "Value": "10.1.0.1"],
            ])
        let own = try await world.create(
            "subnets", Self.subnet("sn2", "10.2.0.0/24", ["Options": [["Code": 28, "Value": "10.2.0.9"]]]))
        #expect(own["Options"] == [["Code": 1, "Value": "255.255.255.0"], ["Code": 28, "Value": "10.2.0.9"]])
        let removed = try await world.update("subnets", "sn", ["Options": []])
        #expect(removed["Options"] == [])
    }

    @Test func `pickers follow from the kind of subnet`() async throws {
        let world = try await TestServer()
        #expect(try await world.create("subnets", Self.subnet("s1", "10.1.0.0/24"))["Pickers"] == ["none"])
        let open = try await world.create(
            "subnets", Self.subnet("s2", "10.2.0.0/24", ["OnlyReservations": false, "Proxy": true]))
        #expect(open["Pickers"] == ["hint", "nextFree", "mostExpired"])
        let own = try await world.create("subnets", Self.subnet("s3", "10.3.0.0/24", ["Pickers": ["hint"]]))
        #expect(own["Pickers"] == ["hint"])
    }

    @Test func `a subnet keeps its range and strategy`() async throws {
        let world = try await TestServer()
        try await world.create("subnets", Self.subnet("sn", "10.1.0.0/24"))
        let error = await refusal { () throws(TrackerError) in
            try await world.update("subnets", "sn", ["Strategy": "X", "Subnet": "10.9.0.0/24"])
        }
        #expect(error?.messages == ["sn: Strategy cannot change", "sn: Subnet range cannot change"])
        try await world.update("subnets", "sn", ["Enabled": true])
    }

    @Test func `subnets do not overlap`() async throws {
        let world = try await TestServer()
        try await world.create("subnets", Self.subnet("wide", "10.0.0.0/8"))
        let error = await refusal { () throws(TrackerError) in
            try await world.create("subnets", Self.subnet("narrow", "10.1.0.0/24"))
        }
        #expect(error?.messages == ["narrow: Subnet 10.1.0.0/24 overlaps subnet wide 10.0.0.0/8"])
    }

    @Test func `a scoped reservation names its subnet`() async throws {
        let world = try await TestServer()
        try await world.create("subnets", Self.subnet("john", "192.168.100.0/24"))
        let scoped = try await world.create(
            "reservations",
            ["Addr": "192.168.100.10", "Token": "t", "Strategy": "MAC", "Scoped": true, "Subnet": "other"])
        #expect(scoped["Subnet"] == "john")
        let unscoped = try await world.update("reservations", "192.168.100.10", ["Scoped": false])
        #expect(unscoped["Subnet"] == "")
    }

    @Test func `the first and last address of a subnet are not for hosts`() async throws {
        let world = try await TestServer()
        try await world.create("subnets", Self.subnet("john", "192.168.100.0/24"))
        let error = await refusal { () throws(TrackerError) in
            try await world.create("reservations", ["Addr": "192.168.100.255", "Token": "t", "Strategy": "MAC"])
        }
        #expect(
            error?.messages == [
                "C0A864FF: Address 192.168.100.255 is a network or broadcast address for subnet john"
            ])
    }

    private static func reservation(
        _ address: String, _ token: String = "t", strategy: String = "MAC", scoped: Bool = false
    ) -> JSONObject {
        [
            "Addr": .string(address), "Token": .string(token), "Strategy": .string(strategy), "Scoped": .bool(scoped),
        ]
    }

    private func messages(_ world: TestServer, _ reservation: JSONObject) async -> [String]? {
        await refusal { () throws(TrackerError) in try await world.create("reservations", reservation) }?.messages
    }

    @Test func `a client has one reservation a subnet, or one for everywhere`() async throws {
        let world = try await TestServer()
        try await world.create("subnets", Self.subnet("john", "192.168.100.0/24"))
        try await world.create("subnets", Self.subnet("jane", "192.168.101.0/24"))
        try await world.create("reservations", Self.reservation("192.168.100.10", scoped: true))
        try await world.create("reservations", Self.reservation("192.168.101.10", scoped: true))
        #expect(
            await messages(world, Self.reservation("192.168.100.12", scoped: true)) == [
                "C0A8640C: Reservation C0A8640A in subnet john already has Strategy MAC: Token t"
            ])
        #expect(
            await messages(world, Self.reservation("10.0.0.1")) == [
                "0A000001: Reservation C0A8640A in subnet john already has Strategy MAC: Token t",
                "0A000001: Reservation C0A8650A in subnet jane already has Strategy MAC: Token t",
            ])
        try await world.update("reservations", "192.168.100.10", ["Description": "same client"])
        try await world.create("reservations", Self.reservation("10.0.0.2", "baz"))
        for isScoped in [true, false] {
            #expect(
                await messages(world, Self.reservation("192.168.100.13", "baz", scoped: isScoped)) == [
                    "C0A8640D: Unscoped reservation 0A000002 already has Strategy MAC: Token baz"
                ])
        }
        try await world.create("reservations", Self.reservation("192.168.100.14", "baz", strategy: "other"))
    }

    private static let spellings = ["52:54:00:AB:cd:0e", "52-54-00-ab-CD-0E", "5254.00ab.cd0e", "52:54:00:ab:cd:0e"]

    @Test(arguments: spellings) func `hardware addresses are kept in one form`(text: String) async throws {
        let world = try await TestServer()
        let kept = "52:54:00:ab:cd:0e"
        let machine = try await world.create("machines", ["Name": "mac", "HardwareAddrs": [.string(text)]])
        #expect(machine["HardwareAddrs"] == [.string(kept)])
        let reservation = try await world.create("reservations", Self.reservation("10.0.0.1", text))
        #expect(reservation["Token"] == .string(kept))
        let lease = try await world.create("leases", ["Addr": "10.0.0.1", "Token": .string(text), "Strategy": "MAC"])
        #expect(lease["Token"] == .string(kept))
        let other = try await world.create("reservations", Self.reservation("10.0.0.2", text, strategy: "id"))
        #expect(other["Token"] == .string(text))
        let id = Self.spellings.first { $0 != text } ?? ""
        try await world.create("reservations", Self.reservation("10.0.0.3", id, strategy: "id"))
        for spelling in Self.spellings {
            #expect(
                await messages(world, Self.reservation("10.0.0.9", spelling)) == [
                    "0A000009: Unscoped reservation 0A000001 already has Strategy MAC: Token \(kept)"
                ])
            for (typeName, field) in [("machines", "HardwareAddrs"), ("leases", "Token")] as [(TypeName, String)] {
                for value in [spelling, "Eq(\(spelling))", "In(x,\(spelling))"] {
                    let type = try #require(world.tracker.catalog[typeName])
                    let query = try ListQuery(arguments: [(field, value)], type: type)
                    #expect(try world.tracker.snapshot.list(typeName, query).objects.count == 1, "\(field)=\(value)")
                }
            }
        }
    }

    @Test(arguments: [("Duration", -1), ("Duration", 1 << 31), ("Duration", Int.max)])
    func `a lease time fits 31 bits`(field: String, seconds: Int) async throws {
        let world = try await TestServer()
        let text = "must be from 0 to 2147483647 seconds, not \(seconds)"
        for typeName in ["leases", "reservations"] as [TypeName] {
            let object: JSONObject = [
                "Addr": "10.0.0.1", "Token": "t", "Strategy": "MAC", "Duration": JSONValue(seconds),
            ]
            let error = await refusal { () throws(TrackerError) in try await world.create(typeName, object) }
            #expect(error?.messages == ["0A000001: Duration \(text)"])
        }
        if seconds < 0 { return }
        for name in ["ActiveLeaseTime", "ReservedLeaseTime"] {
            let error = await refusal { () throws(TrackerError) in
                try await world.create("subnets", Self.subnet("sn", "10.1.0.0/24", [name: JSONValue(seconds)]))
            }
            #expect(error?.messages == ["sn: \(name) \(text)"])
        }
        let most = JSONValue(Int(Int32.max))
        try await world.create(
            "subnets", Self.subnet("sn", "10.1.0.0/24", ["ActiveLeaseTime": most, "ReservedLeaseTime": most]))
    }
}
