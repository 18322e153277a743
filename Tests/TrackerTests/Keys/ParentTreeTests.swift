import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `A tree of objects` {
    /// Who is above whom, as a dictionary has it.
    private struct Tree {
        var above: [Int: Int] = [:]

        func isBelow(_ one: Int, _ other: Int) -> Bool {
            var place: Int? = one
            while let here = place {
                if here == other { return true }
                place = above[here].flatMap { $0 == 0 ? nil : $0 }
            }
            return false
        }

        func children(_ number: Int) -> [Int] { above.filter { $0.value == number }.keys.sorted() }
    }

    private func code(
        _ tracker: DataTracker, _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> StoredObject
    ) async -> TrackerError.Code? {
        do throws(TrackerError) {
            _ = try await tracker.commit(someone, body)
            return nil
        } catch { return error.code }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `has no circles and no parent is removed, whatever is tried`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let store = MemoryStore()
        let tracker = try KeyedTypes.open(store)
        var tree = Tree()
        for _ in 0..<300 {
            let (number, other) = (Int.random(in: 1...14, using: &random), Int.random(in: 1...14, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let isKnown = tree.above[other] != nil
                let refusal = await code(tracker) { draft throws(TrackerError) in
                    try draft.create("tickets", ["Above": JSONValue(other)])
                }
                #expect(refusal == (isKnown ? nil : .invalid), "seed \(seed)")
                if isKnown { tree.above[try last(tracker)] = other }
            case 2:
                #expect(await code(tracker) { draft throws(TrackerError) in try draft.create("tickets", [:]) } == nil)
                tree.above[try last(tracker)] = 0
            case 3 where tree.above[number] != nil:
                let isFree = tree.children(number).isEmpty
                let refusal = await code(tracker) { draft throws(TrackerError) in
                    try draft.remove("tickets", at: "\(number)")
                }
                #expect(refusal == (isFree ? nil : .stillInUse), "seed \(seed)")
                if isFree { tree.above[number] = nil }
            case _ where tree.above[number] != nil:
                let isFine = tree.above[other] != nil && !tree.isBelow(other, number)
                let refusal = await code(tracker) { draft throws(TrackerError) in
                    try draft.replace("tickets", at: "\(number)", with: ["Above": JSONValue(other)])
                }
                #expect(refusal == (isFine ? nil : .invalid), "seed \(seed)")
                if isFine { tree.above[number] = other }
            default: break
            }
            try compare(tracker.snapshot, tree, seed)
        }
        try compare(KeyedTypes.open(store).snapshot, tree, seed)
        #expect(try await tracker.differences() == [], "seed \(seed)")
    }

    private func last(_ tracker: DataTracker) throws -> Int {
        Int(try #require(tracker.snapshot["tickets"]).largestNumber)
    }

    private func compare(_ state: Snapshot, _ tree: Tree, _ seed: UInt64) throws {
        for number in 1...14 {
            let children = state.keys(
                "tickets", where: .field("Above"), names: state.catalog.id("tickets", "\(number)"))
            #expect(children.map(\.string) == tree.children(number).map(String.init), "seed \(seed)")
        }
    }

    @Test func `is moved as a whole in one change set, and not too deep`() async throws {
        let tracker = try KeyedTypes.open()
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            for number in 1...Draft.deepestLevel { try draft.create("tickets", ["Above": JSONValue(number - 1)]) }
        }
        let create: @Sendable (inout Draft) throws(TrackerError) -> StoredObject = { draft throws(TrackerError) in
            try draft.create("tickets", ["Above": JSONValue(Draft.deepestLevel)])
        }
        #expect(await code(tracker, create) == .invalid)
        // The top goes below what was below it, once that is a top of its own.
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.replace("tickets", at: "2", with: [:])
            return try draft.replace("tickets", at: "1", with: ["Above": 2])
        }
        #expect(try await tracker.differences() == [])
    }

    @Test func `that came to nothing is the tree that it was`() async throws {
        let tracker = try KeyedTypes.open()
        for above in [0, 1, 2] {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.create("tickets", ["Above": JSONValue(above)])
            }
        }
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            for key in ["3", "2", "1"] { try draft.remove("tickets", at: key) }
        }
        let plan = try await tracker.undoPlan(for: tracker.snapshot.revision)
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.undo(plan) }
        #expect(tracker.snapshot.object("tickets", "3")?.document.member("Above")?.int == 2)
        #expect(try await tracker.differences() == [])
    }
}
