import Basics
import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

/// A store is copied, goes on, and the copy is put back and goes on differently: what clients know of the one branch must not
/// pass for knowledge of the other.
@Suite struct `A restored copy` {
    /// The state of a store at some time.
    private typealias Copy = [Keyspace: [(key: [UInt8], value: [UInt8])]]

    private func copy(_ store: any KeyValueStore) throws -> Copy {
        var copy: Copy = [:]
        for keyspace in Keyspace.allCases {
            try store.scan(keyspace) { key, value in
                copy[keyspace, default: []].append((Array(key), Array(value)))
                return true
            }
        }
        return copy
    }

    private func restored(_ copy: Copy) throws -> MemoryStore {
        let store = MemoryStore()
        var batch = WriteBatch()
        for (keyspace, entries) in copy {
            for entry in entries { batch.put(keyspace, key: entry.key, value: entry.value) }
        }
        if !batch.isEmpty { try store.apply(batch) }
        return store
    }

    /// What a client knows after a commit.
    private struct Knowledge: Hashable {
        let etag: String
        let cursor: EventCursor
    }

    private func write(_ height: Int, _ tracker: DataTracker) async throws -> Knowledge {
        let made = try await tracker.commit(someone) { draft throws(TrackerError) in
            let shelf: JSONObject = ["Name": "s", "Height": JSONValue(height)]
            if draft.view.contains("shelves", "s") { return try draft.replace("shelves", at: "s", with: shelf) }
            return try draft.create("shelves", shelf)
        }
        return Knowledge(etag: made.snapshot.etag(of: made.value), cursor: tracker.events.now)
    }

    private func isKnown(_ cursor: EventCursor, to tracker: DataTracker) async throws -> Bool {
        do {
            _ = try await tracker.events.reader(from: .after(cursor), ringing: AsyncSignal())
            return true
        } catch EventError.foreign { return false }
    }

    private func overwrite(_ etag: String, _ tracker: DataTracker) async -> TrackerError.Code? {
        do throws(TrackerError) {
            let delete = ObjectOperation(.delete, "shelves", at: "s", ifMatch: etag)
            _ = try tracker.dryRun(someone) { draft throws(TrackerError) in try draft.perform([delete]) }
            return nil
        } catch { return error.code }
    }

    @Test(arguments: 0...6)
    func `of any age refuses what was told after it was made, and knows all from before`(age: Int) async throws {
        var store = MemoryStore()
        var told: [Knowledge] = []
        var backup: Copy = [:]
        // Six commits in three openings; the copy is taken after `age` of them.
        for number in 0..<6 {
            if number == age { backup = try copy(store) }
            let tracker = try SampleTypes.open(store).tracker
            told.append(try await write(number, tracker))
            if number % 2 == 0 { told.append(try await write(100 + number, tracker)) }
            store = try restored(try copy(store))
        }
        if age == 6 { backup = try copy(store) }
        let known = told.filter { $0.cursor.revision <= Revision(StoreLayout.number(revision(of: backup))) }
        let tracker = try SampleTypes.open(try restored(backup)).tracker
        // As many commits as were lost, and more: the same numbers come again.
        for round in 0...12 {
            for each in told {
                let isFromBefore = known.contains(each)
                #expect(try await isKnown(each.cursor, to: tracker) == isFromBefore, "age \(age) round \(round)")
                let present = tracker.snapshot.object("shelves", "s").map(tracker.snapshot.etag)
                #expect(isFromBefore || present != each.etag, "age \(age) round \(round)")
                let refusal = await overwrite(each.etag, tracker)
                if isFromBefore {
                    #expect(refusal == (present == each.etag ? nil : .conflict))
                } else {
                    #expect(refusal == .preconditionFailed)
                }
            }
            _ = try await write(1000 + round, tracker)
        }
        #expect(try await tracker.check().isClean)
    }

    private func revision(of copy: Copy) -> [UInt8] {
        copy[.metadata]?.first { $0.key == StoreLayout.revisionKey }?.value ?? []
    }

    @Test func `is told from the store that it was made of when both go on`() async throws {
        let store = MemoryStore()
        _ = try await write(1, try SampleTypes.open(store).tracker)
        let backup = try copy(store)
        let (one, other) = (try SampleTypes.open(store).tracker, try SampleTypes.open(try restored(backup)).tracker)
        let (known, otherKnown) = (try await write(2, one), try await write(3, other))
        #expect(known.cursor.revision == otherKnown.cursor.revision)
        #expect(known.etag != otherKnown.etag)
        #expect(try await !isKnown(known.cursor, to: other))
        #expect(try await !isKnown(otherKnown.cursor, to: one))
    }

    @Test func `leaves everything valid that a plain restart leaves valid`() async throws {
        var store = MemoryStore()
        var told: [Knowledge] = []
        for number in 0..<8 {
            let tracker = try SampleTypes.open(store).tracker
            for each in told { #expect(try await isKnown(each.cursor, to: tracker)) }
            if let last = told.last {
                #expect(tracker.snapshot.etag(of: try #require(tracker.snapshot.object("shelves", "s"))) == last.etag)
            }
            // Every other opening writes nothing, and is not recorded.
            if number % 2 == 0 { told.append(try await write(number, tracker)) }
            #expect(try Epochs.recorded(in: store).count == number / 2 + 1)
            store = try restored(try copy(store))
        }
    }

    @Test func `of a store from before epochs gets a mark at once, which stays`() async throws {
        let store = MemoryStore()
        _ = try await write(1, try SampleTypes.open(store).tracker)
        var batch = WriteBatch()
        batch.remove(.metadata, key: StoreLayout.epochKey(.zero))
        try store.apply(batch)
        let first = try SampleTypes.open(store).tracker.events.now
        let tracker = try SampleTypes.open(store).tracker
        #expect(try await isKnown(first, to: tracker))
        #expect(tracker.events.now == first)
    }
}
