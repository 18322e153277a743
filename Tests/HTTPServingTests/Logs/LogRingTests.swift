import Logging
import Synchronization
import Testing

@testable import HTTPServing

@Suite struct `The ring of log lines` {
    private let ring = LogRing(capacity: 3)

    /// A logger whose lines go into the ring and nowhere else.
    private var logger: Logger {
        Logger(label: "test") { label in ring.handler(label: label, sink: SwiftLogNoOpLogHandler()) }
    }

    @Test func `keeps the newest lines`() {
        for number in 1...5 { logger.info("line \(number)") }
        #expect(ring.lines.map(\.message) == ["line 3", "line 4", "line 5"])
        #expect(ring.lines.map(\.sequence) == [2, 3, 4])
    }

    /// A listener that got one wrapper thicker with each line would overflow the stack.
    @Test func `tells its listener of as many lines as there may be`() {
        let heard = Mutex(0)
        ring.tell { _ in heard.withLock { $0 += 1 } }
        let logger = logger
        for _ in 0..<100_000 { logger.info("line") }
        #expect(heard.withLock { $0 } == 100_000)
    }
}
