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

    @Test(arguments: [false, true])
    func `leads through one state both ways while others write`(isDescending: Bool) async throws {
        let fleet = try await Self.fleet(60)
        let snapshot = fleet.tracker.snapshot
        var query = FleetQuery(FleetTypes.devices)
        query.sort.isDescending = isDescending
        query.limit = nil
        let all = snapshot.page(query).rows.map(\.key)
        async let writes: Void = {
            for number in 1...60 {
                if number % 3 == 0 {
                    #expect(await fleet.remove(FleetTypes.devices, number) == nil)
                } else {
                    let code = await fleet.update(FleetTypes.devices, "\(number)", ["name": .string("new-\(number)")])
                    #expect(code == nil)
                }
            }
        }()
        query.limit = 7
        var (seen, last): ([ByteString], ByteString?) = ([], nil)
        while case let page = snapshot.page(query), let end = page.rows.last?.key {
            seen += page.rows.map(\.key)
            (last, query.marker) = (query.marker, end)
        }
        #expect(seen == all)
        var back: [ByteString] = []
        query.marker = last
        while true {
            let page = snapshot.page(query)
            back = page.rows.map(\.key).filter { !back.contains($0) } + back
            if query.marker == nil { break }
            query.marker = page.previousMarker
        }
        #expect(back == all)
        await writes
        query.marker = nil
        query.limit = nil
        #expect(fleet.tracker.snapshot.page(query).rows.count == 40)
    }

    @Test func `of a value that only one has takes a look at that one`() async throws {
        let fleet = try await Self.fleet(300)
        for number in 1...300 {
            let variables: JSONObject = ["serial": .string("s\(number)"), "rack": ["row": JSONValue(number % 2)]]
            let code = await fleet.update(FleetTypes.devices, "\(number)", ["variables": .object(variables)])
            #expect(code == nil)
        }
        let snapshot = fleet.tracker.snapshot
        var query = FleetQuery(FleetTypes.devices)
        query.limit = nil
        for text in ["serial:\"s7\"", "serial:\"s7\",rack.row:1"] {
            query.variables = try VariableCondition.all(text)
            #expect(snapshot.page(query, within: 1500)?.rows.map(\.key.string) == ["7"], "\(text)")
        }
        query.variables = try VariableCondition.all("rack.row:1")
        #expect(snapshot.page(query).rows.count == 150)
    }

    @Test func `is not there if it takes a look at more rows than there is time for`() async throws {
        let snapshot = try await Self.fleet(43).tracker.snapshot
        var query = FleetQuery(FleetTypes.devices)
        query.limit = 5
        #expect(snapshot.page(query, within: 10_000)?.rows.count == 5)
        #expect(snapshot.page(query, within: 500) == nil)
        query.sort = FleetOrder(["name"])
        #expect(snapshot.page(query, within: 10_000) == nil)
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
