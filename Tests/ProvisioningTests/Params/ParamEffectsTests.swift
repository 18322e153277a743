import JSON
import Provisioning
import Testing
import Tracker

@Suite struct `The effects of changes on machines' params` {
    @Test func `include those of a param's default, on machines that nobody gives a value`() async throws {
        let world = try await TestServer()
        try await world.create("params", ["Name": "size", "Schema": ["type": "integer", "default": 1]])
        try await world.create("machines", ["Name": "bare"])
        try await world.create("machines", ["Name": "given", "Params": ["size": 5]])
        let request = TrackerRequest(id: "test", principal: "test")
        let (outcome, base) = try world.tracker.dryRun(request) { draft throws(TrackerError) in
            try draft.update("params", at: "size") { (object) throws(TrackerError) in
                object["Schema"] = ["type": "integer", "default": 2]
            }
        }
        let effects = try ParamEffects(outcome.changes, from: base, to: outcome.snapshot)
        #expect(effects.concerned == 2 && effects.examined == 2 && effects.changed == 1)
        #expect(effects.effects.map(\.name) == ["bare"])
        #expect(effects.effects.first?.diff.value == [["op": "replace", "path": "/size", "value": 2]])
        let (other, _) = try world.tracker.dryRun(request) { draft throws(TrackerError) in
            try draft.update("params", at: "size") { (object) throws(TrackerError) in object["Description"] = "d" }
        }
        #expect(try ParamEffects(other.changes, from: base, to: other.snapshot).concerned == 0)
    }
}
