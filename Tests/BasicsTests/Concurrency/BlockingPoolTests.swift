import Synchronization
import Testing

@testable import Basics

@Suite struct BlockingPoolTests {
    @Test func `as many pieces of work block at once as there may be threads, and the rest is done after them`() async {
        let pool = BlockingPool(threads: 4)
        let monitor = Monitor((inside: 0, most: 0, isOpen: false))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    await pool.run {
                        monitor.withLock { $0 = ($0.inside + 1, max($0.most, $0.inside + 1), $0.isOpen) }
                        monitor.wait { $0.isOpen ? .done(()) : .wait }
                        monitor.withLock { $0.inside -= 1 }
                    }
                }
            }
            while monitor.withLock({ $0.inside }) < 4 { await Task.yield() }
            #expect(pool.threadCount == 4)
            monitor.withLock { $0.isOpen = true }
            monitor.wakeAll()
        }
        #expect(monitor.withLock { $0.most } == 4)
    }

    @Test(arguments: [1, 3, 16]) func `everything that is handed over is done once`(threads: Int) async {
        let pool = BlockingPool(threads: threads)
        let sum = await withTaskGroup { group in
            for number in 1...2000 { group.addTask { await pool.run { number } } }
            return await group.reduce(0, +)
        }
        #expect(sum == 2000 * 2001 / 2)
        #expect(pool.threadCount <= threads)
    }

    @Test func `threads end that have nothing to do, and others start when there is`() async {
        let pool = BlockingPool(threads: 4, patience: .milliseconds(1))
        for round in 1...3 {
            #expect(await pool.run { round } == round)
            while pool.threadCount > 0 { await Task.yield() }
        }
    }

    @Test func `what work throws is thrown to who asked for it`() async {
        struct Failure: Error {}
        await #expect(throws: Failure.self) {
            try await BlockingPool.shared.run { () throws(Failure) in throw Failure() }
        }
    }
}
