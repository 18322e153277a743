import BasicsTesting
import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

/// A store call that fails.
struct Fault: CustomTestStringConvertible {
    let call: FaultInjectingStore.StoreCall
    let moment: FaultInjectingStore.Moment
    let number: Int

    var testDescription: String { "\(call) \(number) fails, \(moment) it took effect" }
}

/// Writes, change sets, packs, undoing and forgetting, one after the other; whatever fails is tried no second time.
private struct Scenario {
    let store: FaultInjectingStore
    let clock = ManualClock.steady()
    let tracker: DataTracker
    /// All that is there for certain.
    private(set) var acknowledged: [ObjectID: JSONDocument] = [:]
    /// What steps that the store failed would have made of that, as long as it does not show.
    private var doubtful: [[ObjectID: JSONDocument]] = []
    private(set) var refusals = 0

    init(_ base: MemoryStore) throws {
        store = FaultInjectingStore(base)
        tracker = try SampleTypes.open(store, clock)
    }

    mutating func run() async throws {
        for round in 0..<3 {
            try await write { draft throws(TrackerError) in
                try draft.create("shelves", ["Name": .string("s\(round)"), "Height": 1])
            }
            try await write { draft throws(TrackerError) in
                _ = try draft.perform(
                    (0..<3).map { number in
                        ObjectOperation(.create(["Shelf": .string("s\(round)")]), "boxes", at: "b\(round)-\(number)")
                    } + [ObjectOperation(.delete, "boxes", at: "b\(round)-0")])
            }
            let pack = try SampleTypes.pack(
                "p", ["shelves": ["packed": ["Name": "packed", "Height": JSONValue(round)]]])
            try await write { draft throws(TrackerError) in try draft.push(pack) }
            try await write { draft throws(TrackerError) in
                try draft.patch(
                    "shelves", at: "s\(round)",
                    JSONPatch(operations: [.replace(path: JSONPointer(tokens: ["Height"]), value: 7)]))
            }
            if let plan = try? await tracker.undoPlan(for: tracker.snapshot.revision) {
                try await write { draft throws(TrackerError) in try draft.undo(plan) }
            }
            _ = try? await HistoryCompactor(tracker, HistoryRetention(size: 2000)).step()
        }
        try await write { draft throws(TrackerError) in try draft.removePack("p") }
    }

    /// One step. Acknowledged, it has done what a dry run foretold; refused, nothing, or, since the store may have taken what
    /// it reported as failed, the same.
    private mutating func write<Value: Sendable>(
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws {
        let foretold = (try? tracker.dryRun(someone, body)).map { PastStates.content($0.outcome.snapshot) }
        do throws(TrackerError) {
            let commit = try await tracker.commit(someone, body)
            acknowledged = PastStates.content(commit.snapshot)
            doubtful = []
            #expect(acknowledged == foretold)
        } catch {
            refusals += 1
            if error.code == .unavailable, let foretold { doubtful.append(foretold) }
            // Nothing but the store is to blame, or what an earlier refusal left out.
            let known: Set<TrackerError.Code> = [.unavailable, .notFound, .alreadyExists, .conflict, .forgotten]
            #expect(known.contains(error.code), "\(error)")
        }
        settle(PastStates.content(tracker.snapshot))
    }

    /// What shows is what was there, or what a doubtful step made of it.
    private mutating func settle(_ shown: [ObjectID: JSONDocument]) {
        guard shown != acknowledged else { return }
        #expect(doubtful.contains(shown), "neither as it was nor as it was to be")
        (acknowledged, doubtful) = (shown, [])
    }

    /// What must hold once the store works again: it writes, all is whole, and a restart finds the same.
    mutating func verify(_ fault: Fault) async throws {
        store.heal()
        for _ in 0..<2 {
            _ = try? await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.create("notes", ["Name": .string("last-\(draft.view.revision)")])
            }
        }
        #expect(tracker.writeFailure == nil, "\(fault.testDescription): writes do not resume")
        #expect(tracker.snapshot["notes"]?.count ?? 0 > 0, "\(fault.testDescription)")
        #expect(try await tracker.differences() == [], "\(fault.testDescription)")
        let content = PastStates.content(tracker.snapshot)
        settle(content.filter { $0.key.typeName != "notes" })
        let boxes = content.keys.filter { $0.typeName == "boxes" }
        for round in 0..<3 {
            let ofRound = boxes.count { $0.key.string.hasPrefix("b\(round)-") }
            #expect([0, 2].contains(ofRound), "\(fault.testDescription): half a change set")
        }
        let reopened = try SampleTypes.open(store, clock)
        #expect(PastStates.content(reopened.snapshot) == content, "\(fault.testDescription)")
        #expect(try await reopened.differences() == [], "\(fault.testDescription)")
    }
}

@Suite struct `Whichever call of the store fails` {
    @Test(
        arguments: [FaultInjectingStore.StoreCall.apply, .value, .scan], [FaultInjectingStore.Moment.before, .after])
    func `nothing acknowledged is lost, nothing is half there, and writes resume`(
        call: FaultInjectingStore.StoreCall, moment: FaultInjectingStore.Moment
    ) async throws {
        var quiet = try Scenario(MemoryStore())
        let opening = quiet.store.count(of: call)
        try await quiet.run()
        #expect(quiet.refusals == 0)
        let calls = quiet.store.count(of: call) - opening
        #expect(calls > 10, "the scenario makes too few calls to be one")
        for number in 1...calls {
            let fault = Fault(call: call, moment: moment, number: number)
            var scenario = try Scenario(MemoryStore())
            scenario.store.fail(call, nth: number, moment)
            try await scenario.run()
            try await scenario.verify(fault)
        }
    }

    @Test(arguments: [FaultInjectingStore.StoreCall.value, .scan, .apply])
    func `opening says so, and works once the store does`(call: FaultInjectingStore.StoreCall) async throws {
        var scenario = try Scenario(MemoryStore())
        try await scenario.run()
        let content = PastStates.content(scenario.tracker.snapshot)
        let before = scenario.store.count(of: call)
        _ = try SampleTypes.open(scenario.store)
        let calls = scenario.store.count(of: call) - before
        for number in stride(from: 1, through: calls, by: 1) {
            scenario.store.fail(call, nth: number)
            #expect(throws: StoreError.self) { try SampleTypes.open(scenario.store) }
            scenario.store.heal()
            let opened = try SampleTypes.open(scenario.store).tracker
            #expect(PastStates.content(opened.snapshot) == content)
            #expect(try await opened.differences() == [])
        }
    }
}
