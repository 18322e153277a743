import Basics
import Glibc

/// Guards a resource that many may read at once, that one may write meanwhile, and that now and then one must have to
/// themselves: to remap or reopen an LMDB environment, to change a table in memory, to close.
///
/// - `read` and `write` run side by side with each other. `read` may nest in `read` or `write` on the same thread.
/// - `alone` waits until everybody inside has left, and meanwhile lets nobody new in, so it cannot starve. Those
///   already inside may still nest; otherwise they would wait for `alone`, and `alone` for them.
/// - `write`, `alone` and `close` inside `read` of the same thread would wait for themselves: they throw `misuse`.
///
/// No lock is held while a body runs, only the count of who is inside; so bodies may call back, take locks and throw.
///
/// Unchecked, because the compiler cannot see the protocol: the resource changes only in `alone`, when nobody is inside and
/// `isTaken` keeps others out. What the resource allows several readers to do at once is up to the resource.
final class TransactionGate<Resource>: @unchecked Sendable {
    private struct State {
        /// How many bodies each thread is in.
        var inside: [pthread_t: Int] = [:]
        /// Whether a thread runs `alone`, or waits for those inside to leave so that it can.
        var isTaken = false
    }

    private let monitor = Monitor(State())
    /// Nil once closed.
    private var resource: Resource?

    /// Guards `resource`.
    init(_ resource: sending Resource) { self.resource = resource }

    /// Runs `body` beside other reads and a write.
    func read<Result>(_ body: (Resource) throws(StoreError) -> Result) throws(StoreError) -> Result {
        let resource = try enter(mayNest: true)
        defer { leave() }
        return try body(resource)
    }

    /// Runs `body` beside reads. That writes exclude one another is for the caller or the resource to see to.
    func write<Result>(_ body: (Resource) throws(StoreError) -> Result) throws(StoreError) -> Result {
        let resource = try enter(mayNest: false)
        defer { leave() }
        return try body(resource)
    }

    /// Runs `body` while nobody else is inside.
    func alone<Result>(_ body: (inout Resource) throws(StoreError) -> Result) throws(StoreError) -> Result {
        try take()
        defer { giveBack() }
        guard resource != nil else { throw .storeClosed }
        return try body(&resource!)
    }

    /// Waits until nobody is inside, runs `body` and forgets the resource; does nothing if that was done before.
    func close(_ body: (Resource) -> Void) throws(StoreError) {
        try take()
        defer { giveBack() }
        if let resource { body(resource) }
        resource = nil
    }

    /// Throws `misuse` if this thread runs a body, for callers that would wait for something that waits for the gate.
    func refuseInside() throws(StoreError) {
        try monitor.withLock { state throws(StoreError) in
            if state.inside[pthread_self()] != nil { throw .nestedWrite }
        }
    }

    private func enter(mayNest: Bool) throws(StoreError) -> Resource {
        try monitor.wait { state throws(StoreError) -> Monitor<State>.Look<Resource> in
            let depth = state.inside[pthread_self(), default: 0]
            if depth == 0 {
                if state.isTaken { return .wait }
            } else if !mayNest {
                throw .nestedWrite
            }
            guard let resource else { throw .storeClosed }
            state.inside[pthread_self()] = depth + 1
            return .done(resource)
        }
    }

    private func leave() {
        let isAwaited = monitor.withLock { state in
            let depth = state.inside[pthread_self(), default: 1] - 1
            state.inside[pthread_self()] = depth > 0 ? depth : nil
            return state.isTaken && state.inside.isEmpty
        }
        if isAwaited { monitor.wakeAll() }
    }

    private func take() throws(StoreError) {
        try monitor.wait { state throws(StoreError) -> Monitor<State>.Look<Void> in
            if state.inside[pthread_self()] != nil { throw .nestedWrite }
            if state.isTaken { return .wait }
            state.isTaken = true
            return .done(())
        }
        monitor.wait { $0.inside.isEmpty ? .done(()) : .wait }
    }

    private func giveBack() {
        monitor.withLock { $0.isTaken = false }
        monitor.wakeAll()
    }
}

extension StoreError {
    static var storeClosed: StoreError {
        StoreError(.closed, "the store was closed: open it again to use it")
    }

    fileprivate static var nestedWrite: StoreError {
        StoreError(
            .misuse,
            "a store was written or closed by a visitor of its own scan, which would wait for itself: "
                + "collect what to do during the scan and do it afterwards")
    }
}
