import Testing

@testable import Tracker

/// Tasks that wait for changes.
@Suite(.timeLimit(.minutes(10))) struct RevisionWaitersTests {
    private static let (one, other) = (ObjectID("boxes", "one"), ObjectID("boxes", "other"))

    /// Runs tasks that wait after revision 1 for these, and answers whom `body` wakes.
    private static func woken(
        _ interests: [ChangeInterest], by body: (RevisionWaiters) -> Void
    ) async -> Set<ChangeInterest> {
        let waiters = RevisionWaiters(published: Revision(1))
        return await withTaskGroup(of: ChangeInterest?.self) { group in
            for interest in interests {
                group.addTask {
                    do {
                        try await waiters.wait(after: Revision(1), for: interest)
                        return interest
                    } catch {
                        return nil
                    }
                }
            }
            while waiters.count < interests.count { await Task.yield() }
            body(waiters)
            // Those that are not woken by now wait until they are cancelled.
            group.cancelAll()
            return await group.reduce(into: []) { if let interest = $1 { $0.insert(interest) } }
        }
    }

    private static let all: [ChangeInterest] = [
        .object(one), .object(other), .type("boxes"), .type("shelves"), .anything,
    ]

    @Test func `a commit wakes those whom it may concern, and nobody else`() async {
        let woken = await Self.woken(Self.all) { waiters in
            waiters.publish(Revision(2), [.anything, .object(Self.one), .type("boxes")])
        }
        #expect(woken == [.object(Self.one), .type("boxes"), .anything])
    }

    @Test func `a commit of which that is not known wakes all`() async {
        let woken = await Self.woken(Self.all) { $0.publish(Revision(2), nil) }
        #expect(woken == Set(Self.all))
    }

    @Test func `who waits for a later revision is not woken by an earlier one`() async {
        let woken = await Self.woken(Self.all) { $0.publish(Revision(1), nil) }
        #expect(woken.isEmpty)
    }
}
