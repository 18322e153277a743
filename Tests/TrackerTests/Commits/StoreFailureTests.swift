import JSON
import Logging
import Store
import StoreTesting
import Synchronization
import Testing

@testable import Tracker

@Suite struct `When the store fails` {
    private func shelf(_ name: String) -> JSONObject { ["Name": .string(name)] }

    private func create(_ name: String, in tracker: DataTracker) async -> TrackerError.Code? {
        let object = shelf(name)
        do throws(TrackerError) {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.create("shelves", object) }
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `writes fail with its reason, reads go on, and writes resume once it works`() async throws {
        let store = FaultInjectingStore(MemoryStore())
        let tracker = try SampleTypes.open(store).tracker
        #expect(await create("a", in: tracker) == nil)
        store.failUntilHealed(.apply, with: .diskFull)

        #expect(await create("b", in: tracker) == .unavailable)
        #expect(await create("c", in: tracker) == .unavailable)
        #expect(tracker.writeFailure != nil)
        #expect(tracker.snapshot["shelves"]?.objects.map(\.key) == ["a"])

        store.heal()
        #expect(await create("b", in: tracker) == nil)
        #expect(tracker.writeFailure == nil)
        #expect(tracker.snapshot["shelves"]?.objects.map(\.key) == ["a", "b"])
        #expect(try await tracker.differences() == [])
    }

    @Test func `a write that it took although it failed shows up once the store works, and is not half there`()
        async throws
    {
        let store = FaultInjectingStore(MemoryStore())
        let tracker = try SampleTypes.open(store).tracker
        #expect(await create("a", in: tracker) == nil)
        store.fail(.apply, nth: 1, .after)

        #expect(await create("b", in: tracker) == .unavailable)
        #expect(tracker.snapshot["shelves"]?.objects.map(\.key) == ["a"])

        #expect(await create("c", in: tracker) == .unavailable)
        #expect(tracker.snapshot["shelves"]?.objects.map(\.key) == ["a", "b"])
        #expect(await create("c", in: tracker) == nil)
        #expect(tracker.snapshot["shelves"]?.objects.map(\.key) == ["a", "b", "c"])
        #expect(try await tracker.differences() == [])
    }

    @Test func `what a draft gave comes to nothing, and drafts go on from what is durable`() async throws {
        let store = FaultInjectingStore(MemoryStore())
        let tracker = try SampleTypes.open(store).tracker
        store.failUntilHealed(.apply, with: .diskFull)
        for count in [1, 1000] {
            let (kept, refusal) = await attempt(someone.writing(WriteScope(["shelves"], count: count)), in: tracker)
            #expect(kept == true)
            #expect(refusal == .unavailable)
            #expect(!tracker.snapshot.contains("shelves", "a"))
        }

        store.heal()
        let changed = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.create("shelves", ["Name": "a"])
        } keeping: {
            $0.object("shelves")
        }
        #expect(changed.revision == Revision(1) && tracker.snapshot.contains("shelves", "a"))
        #expect(try await tracker.differences() == [])
    }

    /// Creates a shelf, which the store does not take.
    ///
    /// - Returns: whether it was there in what the draft gave, and the refusal.
    private func attempt(_ request: TrackerRequest, in tracker: DataTracker) async -> (Bool?, TrackerError.Code?) {
        let kept = Mutex<Bool?>(nil)
        do throws(TrackerError) {
            try await tracker.commit(request) { draft throws(TrackerError) in
                try draft.create("shelves", ["Name": "a"])
            } keeping: { committed in
                kept.withLock { $0 = committed.snapshot.contains("shelves", "a") }
            }
            return (kept.withLock { $0 }, nil)
        } catch {
            return (kept.withLock { $0 }, error.code)
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `no acknowledged write is lost, whichever calls fail`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let store = FaultInjectingStore(MemoryStore())
        let tracker = try SampleTypes.open(store).tracker
        var acknowledged: Set<String> = []
        for round in 0..<40 {
            if Int.random(in: 0..<4, using: &random) == 0 {
                store.fail(.apply, nth: 1, Bool.random(using: &random) ? .before : .after)
            }
            let names = (0..<Int.random(in: 1...5, using: &random)).map { "s\(round)-\($0)" }
            await withTaskGroup(of: String?.self) { group in
                for name in names { group.addTask { await create(name, in: tracker) == nil ? name : nil } }
                for await name in group { if let name { acknowledged.insert(name) } }
            }
        }
        store.heal()
        _ = await create("last", in: tracker)
        _ = await create("very-last", in: tracker)
        let there = Set(try #require(tracker.snapshot["shelves"]).objects.map(\.key.string))
        #expect(acknowledged.subtracting(there).isEmpty, "seed \(seed)")
        #expect(try await tracker.differences() == [], "seed \(seed)")
        let reopened = try SampleTypes.open(store).tracker
        #expect(Set(try #require(reopened.snapshot["shelves"]).objects.map(\.key.string)) == there, "seed \(seed)")
    }
}
