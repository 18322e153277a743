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
        let world = try await World()
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
        let world = try await World()
        #expect(try await world.create("subnets", Self.subnet("s1", "10.1.0.0/24"))["Pickers"] == ["none"])
        let open = try await world.create(
            "subnets", Self.subnet("s2", "10.2.0.0/24", ["OnlyReservations": false, "Proxy": true]))
        #expect(open["Pickers"] == ["hint", "nextFree", "mostExpired"])
        let own = try await world.create("subnets", Self.subnet("s3", "10.3.0.0/24", ["Pickers": ["hint"]]))
        #expect(own["Pickers"] == ["hint"])
    }

    @Test func `a subnet keeps its range and strategy`() async throws {
        let world = try await World()
        try await world.create("subnets", Self.subnet("sn", "10.1.0.0/24"))
        let error = await refusal { () throws(TrackerError) in
            try await world.update("subnets", "sn", ["Strategy": "X", "Subnet": "10.9.0.0/24"])
        }
        #expect(error?.messages == ["sn: Strategy cannot change", "sn: Subnet range cannot change"])
        try await world.update("subnets", "sn", ["Enabled": true])
    }

    @Test func `subnets do not overlap`() async throws {
        let world = try await World()
        try await world.create("subnets", Self.subnet("wide", "10.0.0.0/8"))
        let error = await refusal { () throws(TrackerError) in
            try await world.create("subnets", Self.subnet("narrow", "10.1.0.0/24"))
        }
        #expect(error?.messages == ["narrow: Subnet 10.1.0.0/24 overlaps subnet wide 10.0.0.0/8"])
    }

    @Test func `a scoped reservation names its subnet`() async throws {
        let world = try await World()
        try await world.create("subnets", Self.subnet("john", "192.168.100.0/24"))
        let scoped = try await world.create(
            "reservations",
            ["Addr": "192.168.100.10", "Token": "t", "Strategy": "MAC", "Scoped": true, "Subnet": "other"])
        #expect(scoped["Subnet"] == "john")
        let unscoped = try await world.update("reservations", "192.168.100.10", ["Scoped": false])
        #expect(unscoped["Subnet"] == "")
    }

    @Test func `the first and last address of a subnet are not for hosts`() async throws {
        let world = try await World()
        try await world.create("subnets", Self.subnet("john", "192.168.100.0/24"))
        let error = await refusal { () throws(TrackerError) in
            try await world.create("reservations", ["Addr": "192.168.100.255", "Token": "t", "Strategy": "MAC"])
        }
        #expect(
            error?.messages == [
                "C0A864FF: Address 192.168.100.255 is a network or broadcast address for subnet john"
            ])
    }

    @Test func `a client has one reservation a subnet and one for everywhere`() async throws {
        let world = try await World()
        try await world.create("subnets", Self.subnet("john", "192.168.100.0/24"))
        try await world.create("subnets", Self.subnet("jane", "192.168.101.0/24"))
        func reservation(_ address: String, scoped: Bool) -> JSONObject {
            ["Addr": .string(address), "Token": "t", "Strategy": "MAC", "Scoped": .bool(scoped)]
        }
        try await world.create("reservations", reservation("192.168.100.10", scoped: true))
        try await world.create("reservations", reservation("192.168.101.10", scoped: true))
        try await world.create("reservations", reservation("192.168.100.11", scoped: false))
        let scoped = await refusal { () throws(TrackerError) in
            try await world.create("reservations", reservation("192.168.100.12", scoped: true))
        }
        #expect(
            scoped?.messages == ["C0A8640C: Reservation C0A8640A in subnet john already has Strategy MAC: Token t"])
        let unscoped = await refusal { () throws(TrackerError) in
            try await world.create("reservations", reservation("10.0.0.1", scoped: false))
        }
        #expect(
            unscoped?.messages == ["0A000001: Unscoped reservation C0A8640B already has Strategy MAC: Token t"])
        try await world.update("reservations", "192.168.100.10", ["Description": "same client"])
    }
}
