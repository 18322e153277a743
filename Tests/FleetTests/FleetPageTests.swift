import Basics
import JSON
import StoreTesting
import Testing
import Tracker

@testable import Fleet

@Suite struct `A page of an inventory's list` {
    private static func fleet(_ count: Int) async throws -> TestFleet {
        let fleet = try await TestFleet()
        let cloud = try await fleet.create(FleetTypes.clouds, ["name": "c"])
        let region = try await fleet.create(FleetTypes.regions, ["name": "r", "cloud_id": JSONValue(cloud)])
        for number in 0..<count {
            _ = try await fleet.create(
                FleetTypes.devices,
                [
                    "name": .string("d\(number * 7 % 10)-\(number)"), "ip_address": "10.0.0.1",
                    "device_type": .string("t\(number % 3)"), "cloud_id": JSONValue(cloud),
                    "region_id": JSONValue(region), "kind": .string(number % 4 == 0 ? "network-device" : "host"),
                ])
        }
        return fleet
    }

    @Test(arguments: [["created_at", "id"], ["id"], ["name"], ["device_type", "name"], ["note"]], [false, true])
    func `follows the one before it forwards and backwards`(columns: [String], isDescending: Bool) async throws {
        let snapshot = try await Self.fleet(43).tracker.snapshot
        for condition in [nil, FleetQuery.Condition("kind", "host"), FleetQuery.Condition("device_type", "t1")] {
            var query = FleetQuery(FleetTypes.devices)
            query.sort = FleetOrder(columns, isDescending: isDescending)
            query.conditions = condition.map { [$0] } ?? []
            query.limit = nil
            let all = snapshot.page(query).rows.map(\.key)
            #expect(all.count == (condition == nil ? 43 : condition?.field == "kind" ? 32 : 14))
            query.limit = 5
            var seen: [ByteString] = []
            while true {
                let page = snapshot.page(query)
                let start = query.marker.flatMap { all.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
                #expect(page.rows.map(\.key) == Array(all[start...].prefix(5)))
                #expect(page.previousMarker == (start < 2 ? nil : all[max(0, start - 6)]))
                guard let last = page.rows.last else { break }
                seen += page.rows.map(\.key)
                query.marker = last.key
            }
            #expect(seen == all)
        }
    }

    @Test func `is of one state, whatever is written meanwhile`() async throws {
        let fleet = try await Self.fleet(30)
        let snapshot = fleet.tracker.snapshot
        var query = FleetQuery(FleetTypes.devices)
        query.limit = 10
        let first = snapshot.page(query)
        #expect(await fleet.remove(FleetTypes.devices, 11) == nil)
        query.marker = first.rows.last?.key
        #expect(snapshot.page(query).rows.first?.key.string == "11")
        #expect(fleet.tracker.snapshot.page(query).rows.first?.key.string == "12")
    }

    @Test(arguments: [
        ("abc", "abc", true), ("abc", "a%", true), ("abc", "%c", true), ("abc", "%b%", true), ("abc", "_b_", true),
        ("abc", "%", true), ("", "%", true), ("", "_", false), ("abc", "ab", false), ("abc", "b%", false),
        ("aXbXc", "%X%X%", true), ("abc", "a_%_c", false), ("ABC", "abc", false), ("a%c", "a%%c", true),
    ])
    func `is of names that are like a pattern`(text: String, pattern: String, expected: Bool) {
        #expect(LikePattern.matches(text, pattern) == expected)
    }

    @Test func `takes long patterns in bounded time`() {
        let text = String(repeating: "a", count: 255)
        #expect(!LikePattern.matches(text, String(repeating: "%a", count: 200) + "%b"))
    }
}
