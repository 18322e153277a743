import StoreTesting
import Testing

@testable import Basics

@Suite struct MonitorTests {
    @Test func `a thread that waits goes on when another has changed the state`() {
        let monitor = Monitor(0)
        let adder = BackgroundThread {
            for _ in 0..<1000 {
                monitor.wait { state -> Monitor<Int>.Look<Void> in
                    guard state % 2 == 1 else { return .wait }
                    state += 1
                    return .done(())
                }
                monitor.wakeAll()
            }
        }
        for _ in 0..<1000 {
            monitor.wait { state -> Monitor<Int>.Look<Void> in
                guard state % 2 == 0 else { return .wait }
                state += 1
                return .done(())
            }
            monitor.wakeAll()
        }
        adder.join()
        #expect(monitor.withLock { $0 } == 2000)
    }

    @Test(arguments: [Duration.zero, .nanoseconds(1), .milliseconds(2), .milliseconds(-5)])
    func `a wait with a limit ends when it is over`(limit: Duration) {
        var looks = 0
        let monitor = Monitor(())
        monitor.wait { _ -> Monitor<Void>.Look<Void> in
            looks += 1
            return looks < 3 ? .waitAtMost(limit) : .done(())
        }
        #expect(looks == 3)
    }
}
