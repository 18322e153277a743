import JSON
import Logging
import Store
import Testing

@testable import Tracker

@Suite struct `Objects that depend on each other` {
    /// A node can be used if the one that it names cannot.
    private struct Contrary: ObjectRules {
        func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
            let peer = object["Peer"]?.stringValue ?? ""
            if change.view.object("nodes", peer)?.document.member("Available")?.bool == true {
                findings.addMissing("\(peer) is available")
            }
        }
    }

    private func open() throws -> DataTracker {
        let nodes = ObjectType(
            "nodes", ObjectSchema("Node", Field.common + [Field("Name", .string), Field("Peer", .string)]),
            key: .text("Name"), references: [Reference("Peer", to: "nodes")], rules: Contrary())
        return try DataTracker.open(
            store: MemoryStore(), catalog: Catalog([nodes], layers: .sample), writable: [:], packs: [],
            logger: Logger(label: "test")
        ).tracker
    }

    @Test func `that come to rest are written`() async throws {
        let tracker = try open()
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.create("nodes", ["Name": "a", "Peer": "b"])
            try draft.create("nodes", ["Name": "b", "Peer": "a"])
        }
        let verdicts = ["a", "b"].map { tracker.snapshot.object("nodes", $0)?.document.member("Available")?.bool }
        #expect(Set(verdicts) == [true, false])
    }

    @Test func `that never come to rest are refused, and nothing of them is there`() async throws {
        let tracker = try open()
        let refusal = await #expect(throws: TrackerError.self) {
            try await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.create("nodes", ["Name": "a", "Peer": "a"])
            }
        }
        #expect(refusal?.code == .overBudget && refusal?.key == "a")
        #expect(tracker.snapshot.objectCount == 0)
        #expect(try await tracker.differences() == [])
    }
}
