import JSON
import Store
import StoreTesting
import Synchronization
import Testing

@testable import Tracker

/// Something that happens once, which synchronous code can look for.
private final class Signal: Sendable {
    private let isGiven = Atomic(false)

    func give() { isGiven.store(true, ordering: .sequentiallyConsistent) }

    /// Returns once the signal is given.
    func wait() async { while !isGiven.load(ordering: .sequentiallyConsistent) { await Task.yield() } }

    /// Keeps its thread busy until the signal is given; drafting is such work. False if it never comes.
    func spin() -> Bool {
        let end = ContinuousClock.now + .seconds(600)
        while !isGiven.load(ordering: .sequentiallyConsistent) { if ContinuousClock.now > end { return false } }
        return true
    }
}

@Suite(.serialized) struct `A large write` {
    private static func note(_ name: String) -> @Sendable (inout Draft) throws(TrackerError) -> StoredObject {
        { draft throws(TrackerError) in try draft.create("notes", ["Name": .string(name)]) }
    }

    @Test func `lets writers of other types pass, and its objects are of the revision that it ends as`() async throws {
        let store = MemoryStore()
        let tracker = try SampleTypes.open(store).tracker
        let (began, othersDone) = (Signal(), Signal())
        async let large = tracker.commit(someone.writing(WriteScope(["shelves"], count: 1000))) {
            draft throws(TrackerError) in
            try draft.create("shelves", ["Name": "s"])
            began.give()
            // Only if the notes are written while this goes on does it end.
            guard othersDone.spin() else { throw TrackerError(.internalFault, "", "nobody passed") }
            return try draft.create("boxes", ["Id": "b", "Shelf": "s"])
        }
        await began.wait()
        for number in 0..<5 {
            _ = try await tracker.commit(someone.writing(WriteScope(["notes"])), Self.note("n\(number)"))
        }
        // It is about shelves, so that this one waits for it.
        async let waiting = tracker.commit(someone.writing(WriteScope(["shelves"]))) { draft throws(TrackerError) in
            try draft.replace("shelves", at: "s", with: ["Height": 3])
        }
        othersDone.give()
        let commit = try await large
        #expect(commit.snapshot.revision == Revision(6))
        #expect(commit.changes.map(\.after?.revision) == [Revision(6), Revision(6)])
        #expect(try await waiting.snapshot.revision == Revision(7))
        #expect(try await tracker.differences() == [])
        #expect(tracker.snapshot.object("boxes", "b")?.revision == Revision(6))
        #expect(try SampleTypes.open(store).tracker.snapshot.objectCount == 7)
    }

    @Test func `that touches more than it declared is drafted again, and loses nothing`() async throws {
        let tracker = try SampleTypes.open().tracker
        _ = try await tracker.commit(someone, Self.note("n"))
        let (began, otherDone) = (Signal(), Signal())
        let tries = Atomic(0)
        async let large = tracker.commit(someone.writing(WriteScope(["shelves"], count: 1000))) {
            draft throws(TrackerError) in
            tries.add(1, ordering: .relaxed)
            let height = draft.view.object("notes", "n")?.document.member("Height")?.int ?? 0
            began.give()
            _ = otherDone.spin()
            return try draft.create("shelves", ["Name": "s", "Height": JSONValue(height)])
        }
        await began.wait()
        _ = try await tracker.commit(someone.writing(WriteScope(["notes"]))) { draft throws(TrackerError) in
            try draft.replace("notes", at: "n", with: ["Height": 9])
        }
        otherDone.give()
        _ = try await large
        #expect(tries.load(ordering: .relaxed) == 2)
        #expect(tracker.snapshot.object("shelves", "s")?.document.member("Height")?.int == 9)
        #expect(try await tracker.differences() == [])
    }

    /// Has a box come in a large write whose shelf `s` is looked at, and `other` write meanwhile; says how often it was drafted.
    private static func overtaking(
        _ tracker: DataTracker, _ other: @escaping @Sendable (inout Draft) throws(TrackerError) -> StoredObject
    ) async throws -> (tries: Int, errors: [String]?) {
        for name in ["s", "t"] {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.create("shelves", ["Name": .string(name)])
            }
        }
        let (began, otherDone) = (Signal(), Signal())
        let tries = Atomic(0)
        async let large = tracker.commit(someone.writing(WriteScope(["boxes"], count: 1000))) {
            draft throws(TrackerError) in
            tries.add(1, ordering: .relaxed)
            let box = try draft.create("boxes", ["Id": "b", "Shelf": "s"])
            began.give()
            _ = otherDone.spin()
            return box
        }
        await began.wait()
        _ = try await tracker.commit(someone.writing(WriteScope(["shelves"])), other)
        otherDone.give()
        _ = try await large
        #expect(try await tracker.differences() == [])
        return (tries.load(ordering: .relaxed), tracker.snapshot.object("boxes", "b")?.errors(SampleTypes.boxes))
    }

    @Test func `is drafted once while others change objects that it does not look at`() async throws {
        let tracker = try SampleTypes.open().tracker
        let (tries, errors) = try await Self.overtaking(tracker) { draft throws(TrackerError) in
            try draft.replace("shelves", at: "t", with: ["Height": 3])
        }
        #expect(tries == 1 && errors == [])
        #expect(tracker.snapshot.object("shelves", "t")?.document.member("Height")?.int == 3)
    }

    @Test func `is drafted again when an object that it looked at is gone meanwhile`() async throws {
        let tracker = try SampleTypes.open().tracker
        let (tries, errors) = try await Self.overtaking(tracker) { draft throws(TrackerError) in
            try draft.remove("shelves", at: "s")
        }
        #expect(tries == 2 && errors == ["Shelf s does not exist"])
    }

    @Test func `is drafted again when something comes meanwhile that refers to what it changes`() async throws {
        let tracker = try SampleTypes.open().tracker
        let (began, otherDone) = (Signal(), Signal())
        async let large = tracker.commit(someone.writing(WriteScope(["shelves"], count: 1000))) {
            draft throws(TrackerError) in
            let shelf = try draft.create("shelves", ["Name": "s"])
            began.give()
            _ = otherDone.spin()
            return shelf
        }
        await began.wait()
        _ = try await tracker.commit(someone.writing(WriteScope(["boxes"]))) { draft throws(TrackerError) in
            try draft.create("boxes", ["Id": "b", "Shelf": "s"])
        }
        otherDone.give()
        _ = try await large
        #expect(tracker.snapshot.object("boxes", "b")?.errors(SampleTypes.boxes) == [])
        #expect(try await tracker.differences() == [])
    }

    @Test func `is drafted again however often others change more than they declare`() async throws {
        let tracker = try SampleTypes.open().tracker
        @Sendable func raise(by height: Int, _ draft: inout Draft) throws(TrackerError) -> StoredObject {
            try draft.update("shelves", at: "s") { object in
                object["Height"] = JSONValue((object["Height"]?.intValue ?? 0) + height)
            }
        }
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.create("shelves", ["Name": "s", "Height": 0])
        }
        let (began, otherDone) = ((0..<3).map { _ in Signal() }, (0..<3).map { _ in Signal() })
        let tries = Atomic(0)
        async let large = tracker.commit(someone.writing(WriteScope(["shelves"], count: 1000))) {
            draft throws(TrackerError) in
            let number = tries.add(1, ordering: .relaxed).oldValue
            let shelf = try raise(by: 1, &draft)
            began[number].give()
            _ = otherDone[number].spin()
            return shelf
        }
        for number in 0..<2 {
            await began[number].wait()
            _ = try await tracker.commit(someone.writing(WriteScope(["notes"]))) { draft throws(TrackerError) in
                try raise(by: 10, &draft)
            }
            otherDone[number].give()
        }
        otherDone[2].give()
        _ = try await large
        // Once beside all, once with locks of its own, and at last with all locks.
        #expect(tries.load(ordering: .relaxed) == 3)
        #expect(tracker.snapshot.object("shelves", "s")?.document.member("Height")?.int == 21)
        #expect(try await tracker.differences() == [])
    }

    @Test func `that a content pack is goes the same way`() async throws {
        let tracker = try SampleTypes.open().tracker
        let (began, othersDone) = (Signal(), Signal())
        let pack = try SampleTypes.pack("p", ["shelves": ["s": ["Name": "s"]]])
        async let large = tracker.commit(someone.writing(WriteScope(["contents", "shelves"], count: 1000))) {
            draft throws(TrackerError) in
            began.give()
            guard othersDone.spin() else { throw TrackerError(.internalFault, "", "nobody passed") }
            return try draft.push(pack).layer.name
        }
        await began.wait()
        _ = try await tracker.commit(someone.writing(WriteScope(["notes"])), Self.note("n"))
        othersDone.give()
        #expect(try await large.snapshot.revision == Revision(2))
        #expect(tracker.snapshot.stack["p"] != nil && tracker.snapshot.contains("notes", "n"))
        #expect(try await tracker.differences() == [])
    }

    @Test func `is drafted again when the store fails meanwhile`() async throws {
        let store = FaultInjectingStore(MemoryStore())
        let tracker = try SampleTypes.open(store).tracker
        let (began, otherDone) = (Signal(), Signal())
        async let large = tracker.commit(someone.writing(WriteScope(["shelves"], count: 1000))) {
            draft throws(TrackerError) in
            began.give()
            _ = otherDone.spin()
            return try draft.create("shelves", ["Name": "s"])
        }
        await began.wait()
        store.fail(.apply)
        await #expect(throws: TrackerError.self) {
            try await tracker.commit(someone.writing(WriteScope(["notes"])), Self.note("n"))
        }
        otherDone.give()
        #expect(try await large.snapshot.revision == Revision(1))
        #expect(tracker.snapshot.objectCount == 1)
        #expect(try await tracker.differences() == [])
    }

    @Test func `for which others wait lets them go on without a task of theirs`() async throws {
        let tracker = try SampleTypes.open().tracker
        let (began, goOn) = (Signal(), Signal())
        async let large = tracker.commit(someone.writing(WriteScope(["notes"], count: 1000))) {
            draft throws(TrackerError) in
            began.give()
            _ = goOn.spin()
            return try draft.create("notes", ["Name": "large"])
        }
        await began.wait()
        let (results, end) = AsyncStream.makeStream(of: Result<Revision, TrackerError>.self)
        tracker.commit(someone.writing(WriteScope(["notes"])), Self.note("n"), keeping: \.snapshot.revision) {
            end.yield($0)
            end.finish()
        }
        goOn.give()
        #expect(await results.reduce(into: []) { $0.append($1) } == [.success(Revision(2))])
        #expect(try await large.snapshot.revision == Revision(1))
    }

    @Test func `for which others wait can be given up by them`() async throws {
        let tracker = try SampleTypes.open().tracker
        let (began, goOn) = (Signal(), Signal())
        async let large = tracker.commit(someone.writing(WriteScope(["notes"], count: 1000))) {
            draft throws(TrackerError) in
            began.give()
            _ = goOn.spin()
            return try draft.create("notes", ["Name": "large"])
        }
        await began.wait()
        let impatient = Task { try await tracker.commit(someone.writing(WriteScope(["notes"])), Self.note("n")) }
        impatient.cancel()
        let result = await impatient.result
        #expect(throws: TrackerError(.cancelled, "", "The request was cancelled while it waited for locks")) {
            try result.get()
        }
        goOn.give()
        _ = try await large
        _ = try await tracker.commit(someone.writing(WriteScope(["notes"])), Self.note("m"))
        #expect(tracker.snapshot["notes"]?.objects.map(\.key) == ["large", "m"])
    }
}
