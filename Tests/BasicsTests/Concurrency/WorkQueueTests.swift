import Dispatch
import Synchronization
import Testing

@testable import Basics

/// Whose work is done when there is more than can be.
@Suite struct WorkQueueTests {
    private let flood = "192.0.2.1"
    private let other = "192.0.2.2"

    /// A queue whose only thread is held until ``Gate/open()``.
    private func heldQueue(limit: Int) async -> (WorkQueue<String>, Gate) {
        let queue = WorkQueue<String>(width: 1, limit: limit)
        let gate = Gate()
        gate.tasks.withLock { $0.append(Task { await queue.run(for: "held") { gate.wait() } }) }
        await gate.isReached()
        return (queue, gate)
    }

    @Test func `a flood from one address does not turn another away`() async throws {
        let (queue, gate) = await heldQueue(limit: 10)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<9 { group.addTask { await Self.runs(queue, flood) } }
            while queue.total < 10 { await Task.yield() }
            // There is no room: one of the flood gives way.
            let login = Task { await Self.runs(queue, other) }
            let refused = await group.next()
            gate.open()
            #expect(await login.value)
            #expect(refused == false)
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 } && outcomes.count == 8)
    }

    @Test func `more from the address that floods is refused`() async throws {
        let (queue, gate) = await heldQueue(limit: 10)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<9 { group.addTask { await Self.runs(queue, flood) } }
            while queue.total < 10 { await Task.yield() }
            #expect(await !Self.runs(queue, flood))
            gate.open()
            for await outcome in group { #expect(outcome) }
        }
    }

    @Test func `addresses take turns`() async throws {
        let (queue, gate) = await heldQueue(limit: 100)
        await withTaskGroup(of: Void.self) { group in
            for (count, origin) in [(20, flood), (3, other)] {
                let before = queue.total
                for _ in 0..<count {
                    group.addTask { await queue.run(for: origin) { gate.order.withLock { $0.append(origin) } } }
                }
                while queue.total < before + count { await Task.yield() }
            }
            gate.open()
        }
        let first = gate.order.withLock { Array($0.prefix(6)) }
        #expect(first == [flood, other, flood, other, flood, other])
        #expect(gate.order.withLock { $0.count } == 23)
    }

    @Test func `without owners work begins in the order in which it came, and too much is refused`() async {
        let queue = WorkQueue<SoleOwner>(width: 1, limit: 4)
        let gate = Gate()
        gate.tasks.withLock { $0.append(Task { await queue.run { gate.wait() } }) }
        await gate.isReached()
        await withTaskGroup(of: Void.self) { group in
            for number in 1...3 {
                group.addTask { _ = await queue.run { gate.order.withLock { $0.append("\(number)") } } }
                while queue.total < number + 1 { await Task.yield() }
            }
            #expect(await queue.run {} == nil)
            gate.open()
        }
        #expect(gate.order.withLock { $0 } == ["1", "2", "3"])
    }

    @Test func `what work throws is thrown to who asked for it`() async {
        struct Failure: Error {}
        await #expect(throws: Failure.self) {
            try await WorkQueue<SoleOwner>(width: 1).run { () throws(Failure) in throw Failure() }
        }
    }

    private static func runs(_ queue: WorkQueue<String>, _ origin: String) async -> Bool {
        await queue.run(for: origin) {} != nil
    }
}

/// Holds a thread until it is opened.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let reached = Mutex(false)
    let tasks = Mutex<[Task<Void?, Never>]>([])
    /// Whose work was done, in its order.
    let order = Mutex<[String]>([])

    func wait() {
        reached.withLock { $0 = true }
        semaphore.wait()
    }

    func isReached() async { while !reached.withLock({ $0 }) { await Task.yield() } }

    func open() { semaphore.signal() }
}
