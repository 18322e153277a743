import Hummingbird
import NIOCore
import Testing

@testable import HTTPServing

/// The memory of answers that wait for their clients.
@Suite struct AnswerBudgetTests {
    private struct Nowhere: ResponseBodyWriter {
        func write(_ buffer: ByteBuffer) async throws {}
        func finish(_ trailers: HTTPFields?) async throws {}
    }

    private static func answer(_ count: Int) -> Answer {
        Answer(status: .ok, body: .array([UInt8](repeating: 0, count: count)))
    }

    @Test func `reads whose answers are too much beside those that wait are put off, until these are sent`()
        async throws
    {
        let budget = AnswerBudget(limit: 1_000_000)
        var waiting: Answer? = try budget.counted(Self.answer(600_000), isRead: true)
        #expect(throws: HTTPServing.HTTPError.self) { try budget.counted(Self.answer(600_000), isRead: true) }
        #expect(try budget.counted(Self.answer(1000), isRead: true).isShort)
        // What a write did cannot be refused any more.
        _ = try budget.counted(Self.answer(600_000), isRead: false)
        #expect(budget.count == 600_000)
        try await waiting?.body.parts.write(Nowhere())
        waiting = nil
        #expect(budget.count == 0)
        #expect(try budget.counted(Self.answer(2_000_000), isRead: true).body.length == 2_000_000)
    }

    @Test func `what is sent from an object that is there costs nothing`() throws {
        let budget = AnswerBudget(limit: 1)
        var answer = Self.answer(600_000)
        answer.isShared = true
        for _ in 0..<3 { _ = try budget.counted(answer, isRead: true) }
        #expect(budget.count == 0)
    }
}
