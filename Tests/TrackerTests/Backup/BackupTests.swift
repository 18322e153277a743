import Basics
import BasicsTesting
import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

/// A folder of backups of one tracker.
private struct Backups {
    let folder = TemporaryDirectory()

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// Makes a backup; with `base`, of what came after that one.
    @discardableResult
    func make(_ name: String, since base: String? = nil, of tracker: DataTracker) async throws -> BackupReport {
        let made = try await BackupFolder(folder.path).make(name, since: base, tracker)
        // What the server says of it is what a look at it finds.
        let found = try BackupVerifier.report(on: path(name))
        #expect(made.size == found.size)
        #expect(made.point.text == found.point.text)
        #expect(made.end.value == found.end.value)
        return made
    }

    /// A store made of a backup and those that it goes on from.
    func restore(_ name: String, revision: Revision? = nil) throws -> MemoryStore {
        let store = MemoryStore()
        let paths = try BackupFamily.paths(of: path(name))
        _ = try BackupRestore(paths, revision: revision, SampleTypes.catalog) { _ in }.run(into: store)
        return store
    }
}

@Suite struct `A backup` {
    private let backups = Backups()

    /// A random history, each state of which is noted.
    private func history(_ seed: UInt64, steps: Int) async throws -> (RandomHistory, PastStates) {
        var history = RandomHistory(try SampleTypes.open(MemoryStore(), .steady()), seed: seed)
        var past = PastStates()
        past.note(history.tracker.snapshot)
        for _ in 0..<steps {
            await history.step()
            past.note(history.tracker.snapshot)
        }
        return (history, past)
    }

    /// Opens a restored store, and compares all that it tells with what was noted.
    private func compare(
        _ store: MemoryStore, _ past: PastStates, at revision: Revision, _ seed: UInt64
    ) async throws {
        let base = past.packs[revision] ?? []
        let tracker = try SampleTypes.open(store, .steady(), packs: base)
        #expect(PastStates.content(tracker.snapshot) == past.states[revision], "seed \(seed), revision \(revision)")
        #expect(tracker.snapshot.revision == revision, "seed \(seed)")
        #expect(try await tracker.differences() == [], "seed \(seed), revision \(revision)")
        let start = try await tracker.historyStart()
        for (noted, content) in past.states where noted >= start && noted <= revision {
            #expect(PastStates.content(try await tracker.snapshot(at: noted)) == content, "seed \(seed), at \(noted)")
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `makes the store anew, at its revision and at any before it`(seed: UInt64) async throws {
        let (history, past) = try await history(seed, steps: 60)
        let report = try await backups.make("full", of: history.tracker)
        let newest = history.tracker.snapshot.revision
        #expect(report.isWhole && report.header.revision == newest)
        try await compare(try backups.restore("full"), past, at: newest, seed)
        for number in stride(from: UInt64(0), to: newest.number, by: 7) {
            let store = try backups.restore("full", revision: Revision(number))
            try await compare(store, past, at: Revision(number), seed)
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `that goes on from others makes the same of them all`(seed: UInt64) async throws {
        var (history, past) = try await history(seed, steps: 25)
        try await backups.make("0", of: history.tracker)
        for number in 1...4 {
            for _ in 0..<15 {
                await history.step()
                past.note(history.tracker.snapshot)
            }
            let report = try await backups.make("\(number)", since: "\(number - 1)", of: history.tracker)
            #expect(report.end.commits <= 15)
        }
        let newest = history.tracker.snapshot.revision
        try await compare(try backups.restore("4"), past, at: newest, seed)
        let middle = Revision(newest.number / 2)
        try await compare(try backups.restore("4", revision: middle), past, at: middle, seed)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `has what is left of history that was forgotten in part`(seed: UInt64) async throws {
        let (history, past) = try await history(seed, steps: 80)
        let keeper = HistoryCompactor(history.tracker, HistoryRetention(size: 3000))
        while try await keeper.step() {}
        let start = try await history.tracker.historyStart()
        #expect(start > .zero)
        let report = try await backups.make("part", of: history.tracker)
        #expect(report.isWhole && report.end.start == start)
        let newest = history.tracker.snapshot.revision
        try await compare(try backups.restore("part"), past, at: newest, seed)
        try await compare(try backups.restore("part", revision: start), past, at: start, seed)
        #expect(throws: StoreError.self) { try backups.restore("part", revision: Revision(start.number - 1)) }
        #expect(throws: StoreError.self) { try backups.restore("part", revision: newest.next) }
    }

    @Test func `is of one revision, whatever is written meanwhile`() async throws {
        var (history, past) = try await history(1, steps: 60)
        var producer = try await BackupProducer(history.tracker)
        let revision = history.tracker.snapshot.revision
        let file = try BackupFile(backups.path("moving"))
        while let chunk = try await producer.next() {
            try file.write(chunk)
            for _ in 0..<10 { await history.step() }
        }
        try file.finish()
        #expect(history.tracker.snapshot.revision > revision)
        try await compare(try backups.restore("moving"), past, at: revision, 1)
    }

    @Test func `restored is another epoch: cursors and etags of before mean nothing`() async throws {
        let (history, _) = try await history(2, steps: 30)
        try await backups.make("full", of: history.tracker)
        let before = history.tracker.snapshot
        let restored = try SampleTypes.open(try backups.restore("full"), .steady()).snapshot
        let cursor = before.epochs.cursor(after: before.revision)
        #expect(!restored.epochs.wrote(cursor.revision, mark: cursor.epoch, newest: restored.revision))
        for (id, _) in PastStates.content(before) {
            guard let old = before[id], old.layer == .writable, let new = restored[id] else { continue }
            #expect(before.etag(of: old) != restored.etag(of: new))
            #expect(restored.epochs.isForeign(before.etag(of: old), newest: restored.revision))
        }
    }

    @Test func `goes on only from one of the same history`() async throws {
        let (history, _) = try await history(3, steps: 20)
        try await backups.make("full", of: history.tracker)
        let other = try SampleTypes.open(try backups.restore("full"), .steady())
        await #expect(throws: TrackerError.self) { try await backups.make("next", since: "full", of: other) }
        let (stranger, _) = try await self.history(4, steps: 20)
        await #expect(throws: TrackerError.self) { try await backups.make("next", since: "full", of: stranger.tracker) }
        #expect(throws: StoreError.self) { try BackupFamily.paths(of: backups.path("missing")) }
    }

    @Test func `is not made over another one`() async throws {
        let (history, _) = try await history(5, steps: 5)
        try await backups.make("full", of: history.tracker)
        let before = FileBytes.read(backups.path("full"))
        let error = await #expect(throws: TrackerError.self) { try await backups.make("full", of: history.tracker) }
        #expect(error?.code == .alreadyExists)
        #expect(FileBytes.read(backups.path("full")) == before)
    }

    @Test func `is restored only into an empty store, and an unfinished restoration is not opened`() async throws {
        let (history, _) = try await history(6, steps: 20)
        try await backups.make("full", of: history.tracker)
        let restore = try BackupRestore([backups.path("full")], SampleTypes.catalog) { _ in }
        let store = MemoryStore()
        var batch = WriteBatch()
        batch.put(.side, key: [1], value: [])
        try store.apply(batch)
        #expect(throws: StoreError.self) { try restore.run(into: store) }
        let failing = FaultInjectingStore(MemoryStore())
        failing.fail(.apply, nth: 2)
        #expect(throws: StoreError.self) { try restore.run(into: failing) }
        let error = #expect(throws: StoreError.self) { try SampleTypes.open(failing) }
        #expect(error?.message.contains("restore was interrupted") == true, "\(String(describing: error))")
    }
}

@Suite struct `The pace of a backup` {
    @Test func `is as fast as can be while nobody writes`() {
        var pace = BackupPace(at: Revision(7))
        for _ in 0..<3 { #expect(pace.rest(after: .milliseconds(5), newest: Revision(7)) == .zero) }
    }

    @Test func `leaves most of the time to others while they write, and only then`() {
        var pace = BackupPace(at: Revision(7))
        #expect(pace.rest(after: .milliseconds(5), newest: Revision(8)) == .milliseconds(15))
        #expect(pace.rest(after: .milliseconds(4), newest: Revision(20)) == .milliseconds(12))
        #expect(pace.rest(after: .milliseconds(4), newest: Revision(20)) == .zero)
        #expect(pace.rest(after: .seconds(4), newest: Revision(21)) == BackupPace.longestRest)
    }
}
