import Dispatch
import Synchronization
import Testing

@testable import Access

/// Whose passwords are hashed when there are more than can be.
struct HashingQueueTests {
    private let flood = LoginOrigin("192.0.2.1")
    private let other = LoginOrigin("192.0.2.2")

    /// A queue whose only thread is held until ``Gate/open()``.
    private func heldQueue(limit: Int) async -> (HashingQueue, Gate) {
        let queue = HashingQueue(width: 1, limit: limit)
        let gate = Gate()
        gate.tasks.withLock { $0.append(Task { try? await queue.run(from: LoginOrigin("held")) { gate.wait() } }) }
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
            await #expect(throws: AccessError.busy) { try await queue.run(from: flood) {} }
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
                    group.addTask { try? await queue.run(from: origin) { gate.order.withLock { $0.append(origin) } } }
                }
                while queue.total < before + count { await Task.yield() }
            }
            gate.open()
        }
        let first = gate.order.withLock { Array($0.prefix(6)) }
        #expect(first == [flood, other, flood, other, flood, other])
        #expect(gate.order.withLock { $0.count } == 23)
    }

    private static func runs(_ queue: HashingQueue, _ origin: LoginOrigin) async -> Bool {
        do throws(AccessError) {
            try await queue.run(from: origin) {}
            return true
        } catch {
            return false
        }
    }
}

/// Holds a thread until it is opened.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let reached = Mutex(false)
    let tasks = Mutex<[Task<Void?, Never>]>([])
    /// Whose work was done, in its order.
    let order = Mutex<[LoginOrigin]>([])

    func wait() {
        reached.withLock { $0 = true }
        semaphore.wait()
    }

    func isReached() async { while !reached.withLock({ $0 }) { await Task.yield() } }

    func open() { semaphore.signal() }
}
