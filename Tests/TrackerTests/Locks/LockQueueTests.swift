import StoreTesting
import Testing

@testable import Tracker

/// What the queue should do, written the obvious way: a list of all that came, and who of them has its locks.
private struct ModelQueue {
    var entries: [(ticket: LockQueue.Ticket, set: LockSet)] = []
    var granted: Set<LockQueue.Ticket> = []

    /// Who must have locks now: everyone who conflicts with nobody that came before, held or not, and with no holder.
    mutating func settle() -> [LockQueue.Ticket] {
        var new: [LockQueue.Ticket] = []
        for (index, entry) in entries.enumerated() where !granted.contains(entry.ticket) {
            let others = entries[..<index] + entries[index...].filter { granted.contains($0.ticket) }
            if others.contains(where: { Self.clash($0.set, entry.set) }) { continue }
            granted.insert(entry.ticket)
            new.append(entry.ticket)
        }
        return new
    }

    static func clash(_ left: LockSet, _ right: LockSet) -> Bool {
        if !left.isEverything, !right.isEverything, Set([left.manner, right.manner]) == [.brief, .optimistic] {
            return left.named.contains { right.named.contains($0) }
        }
        return ["a", "b", "c", "d", "e"].contains { (typeName: TypeName) in
            left.mayWrite(typeName) && right.mayRead(typeName) || left.mayRead(typeName) && right.mayWrite(typeName)
        }
    }
}

@Suite struct `The queue for locks` {
    private static func randomSet(_ random: inout SeededGenerator) -> LockSet {
        if Int.random(in: 0..<12, using: &random) == 0 { return .everything }
        let types: [TypeName] = ["a", "b", "c", "d", "e"]
        func some(_ share: Int) -> Set<TypeName> {
            Set(types.filter { _ in Int.random(in: 0..<10, using: &random) < share })
        }
        let (reads, some) = (some(3), some(2))
        let writes: Set<TypeName> = some.isEmpty && reads.isEmpty ? ["a"] : some
        let set = LockSet(reads: reads, writes: writes, named: writes.filter { _ in Bool.random(using: &random) })
        return set.taken(LockSet.Manner.allCases.randomElement(using: &random)!)
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `grants what a model grants, and in the end everything`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (queue, model) = (LockQueue(), ModelQueue())
        for _ in 0..<200 {
            let comes = model.entries.isEmpty || Int.random(in: 0..<5, using: &random) < 2 && model.entries.count < 12
            if comes {
                let set = Self.randomSet(&random)
                let (ticket, isGranted) = queue.enter(set)
                model.entries.append((ticket, set))
                #expect(isGranted == model.settle().contains(ticket), "seed \(seed)")
            } else {
                // A holder that is done, or one that waits and does not want to any more.
                let ticket = model.entries.randomElement(using: &random)!.ticket
                model.entries.removeAll { $0.ticket == ticket }
                model.granted.remove(ticket)
                #expect(queue.leave(ticket) == model.settle(), "seed \(seed)")
            }
            for entry in model.entries {
                #expect(queue.holds(entry.ticket) == model.granted.contains(entry.ticket), "seed \(seed)")
            }
            let holders = model.entries.filter { queue.holds($0.ticket) }
            for (index, one) in holders.enumerated() {
                for other in holders[(index + 1)...] {
                    #expect(!ModelQueue.clash(one.set, other.set), "seed \(seed): two hold what excludes them")
                }
            }
            #expect(model.entries.isEmpty || !holders.isEmpty, "seed \(seed): all wait for each other")
            #expect(queue.isIdle == model.entries.isEmpty, "seed \(seed)")
        }
        // Whoever waits has its turn once those before it are done.
        while let first = model.entries.first {
            #expect(queue.holds(first.ticket), "seed \(seed): the first of all waits")
            model.entries.removeFirst()
            _ = queue.leave(first.ticket)
        }
        #expect(queue.isIdle, "seed \(seed)")
    }

    @Test func `lets readers in together, but not past a writer that came before them`() {
        var queue = LockQueue()
        let (one, _) = queue.enter(LockSet(reads: ["a"]))
        let (two, isTwoIn) = queue.enter(LockSet(reads: ["a"], writes: ["b"]))
        let (writer, isWriterIn) = queue.enter(LockSet(writes: ["a"]))
        let (three, isThreeIn) = queue.enter(LockSet(reads: ["a"]))
        let (_, isOtherIn) = queue.enter(LockSet(writes: ["c"]))
        #expect(isTwoIn && !isWriterIn && !isThreeIn && isOtherIn)
        #expect(queue.leave(one) == [])
        #expect(queue.leave(two) == [writer])
        #expect(queue.leave(writer) == [three])
    }

    @Test func `lets those pass that are drafted in one go, but for the types that a large one is about`() {
        var queue = LockQueue()
        let large = LockSet(reads: ["b"], writes: ["a", "c"], named: ["a"])
        let (first, _) = queue.enter(large.taken(.optimistic))
        #expect(queue.enter(LockSet(writes: ["b"]).taken(.brief)).isGranted)
        #expect(queue.enter(LockSet(reads: ["e"], writes: ["c"]).taken(.brief)).isGranted)
        let (same, isSameIn) = queue.enter(LockSet(writes: ["a"]).taken(.brief))
        let (other, isOtherIn) = queue.enter(LockSet(writes: ["b", "d"], named: ["d"]).taken(.optimistic))
        #expect(!isSameIn && !isOtherIn)
        #expect(queue.leave(first) == [same, other])
    }

    @Test func `forgets one who gives up, and lets those behind it go`() {
        var queue = LockQueue()
        let (holder, _) = queue.enter(LockSet(reads: ["a"]))
        let (writer, _) = queue.enter(LockSet(writes: ["a"]))
        let (reader, isIn) = queue.enter(LockSet(reads: ["a"]))
        #expect(!isIn)
        #expect(queue.leave(writer) == [reader])
        #expect(queue.leave(holder) == [] && queue.leave(reader) == [] && queue.isIdle)
    }
}
