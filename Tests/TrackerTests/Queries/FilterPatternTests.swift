import JSON
import StoreTesting
import Testing

@testable import Tracker

@Suite struct FilterPatternTests {
    private func shelves() async throws -> Snapshot {
        let (tracker, _) = try SampleTypes.open()
        for name in ["north", "south"] {
            _ = try await tracker.commit(.system("test")) { draft throws(TrackerError) in
                try draft.create("shelves", ["Name": .string(name)])
            }
        }
        return tracker.snapshot
    }

    @Test func `a list whose pattern takes more steps than it may is refused and says so`() async throws {
        let state = try await shelves()
        var query = ListQuery()
        query.filters = [try Filter("Name", "Re(o.th)", type: SampleTypes.shelves)]
        #expect(try state.list("shelves", query).objects.count == 2)
        query.filters[0].pattern?.begin(with: 3)
        let error = #expect(throws: TrackerError.self) { try state.list("shelves", query) }
        #expect(error?.code == .overBudget)
        #expect(error?.messages.first?.contains("more than \(FilterPattern.budget.limit) steps of a pattern") == true)
    }

    @Test func `an event has all the steps, whatever those before it took`() throws {
        let conditions = try EventConditions(["Name=Re(^so)"], SampleTypes.catalog)
        let event = Event(
            time: "2030-01-01T00:00:00Z", type: "shelves", action: "create", key: "south", principal: "",
            object: JSONDocument(["Name": "south"]))
        for _ in 0..<3 { #expect(conditions.hold(of: event)) }
    }

    @Test func `a pattern takes steps in proportion to the rows`() throws {
        let growth = try StepGrowth.perDoubling(of: 100) { rows in
            let pattern = FilterPattern(try LinearRegex("a+b"))
            for _ in 0..<rows { _ = pattern.matches("aaaaaa") }
            return pattern.stepsTaken
        }
        #expect(growth <= StepGrowth.limit)
    }

    @Test func `much in bytes is a large write, as much in number is`() {
        #expect(!WriteScope(["shelves"]).handling(bytes: WriteScope.largeBytes).isLarge)
        #expect(WriteScope(["shelves"]).handling(bytes: WriteScope.largeBytes + 1).isLarge)
        #expect(WriteScope(["shelves"], count: 101).handling(bytes: 1).isLarge)
    }
}
