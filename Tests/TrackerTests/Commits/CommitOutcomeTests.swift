import Testing

@testable import Tracker

@Suite("What comes of a commit") struct CommitOutcomeTests {
    @Test func `is told to who asks afterwards`() async {
        let outcome = CommitOutcome()
        outcome.settle(.failure(TrackerError(.unavailable, "", "full")))
        await #expect(throws: TrackerError.self) { try await outcome.value.get() }
    }

    @Test func `is told to who asked before`() async throws {
        let outcome = CommitOutcome()
        async let told: Void = outcome.value.get()
        await Task.yield()
        outcome.settle(.success(()))
        try await told
    }
}
