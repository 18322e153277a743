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
/// Unchecked, because the compiler cannot see the protocol: `resource` changes only in `alone`, when `inside` is
/// empty and `isTaken` keeps others out; everything else is touched only while holding `mutex`, which also orders
/// memory. What the resource allows several readers to do at once is up to the resource.
final class TransactionGate<Resource>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// Nil once closed.
    private var resource: Resource?
    /// How many bodies each thread is in.
    private var inside: [pthread_t: Int] = [:]
    /// Whether a thread runs `alone`, or waits for those inside to leave so that it can.
    private var isTaken = false

    /// Guards `resource`.
    init(_ resource: sending Resource) {
        self.resource = resource
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

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
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if inside[pthread_self()] != nil { throw .nestedWrite }
    }

    private func enter(mayNest: Bool) throws(StoreError) -> Resource {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let depth = inside[pthread_self(), default: 0]
        if depth == 0 {
            while isTaken { pthread_cond_wait(changed, mutex) }
        } else if !mayNest {
            throw .nestedWrite
        }
        guard let resource else { throw .storeClosed }
        inside[pthread_self()] = depth + 1
        return resource
    }

    private func leave() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let depth = inside[pthread_self(), default: 1] - 1
        inside[pthread_self()] = depth > 0 ? depth : nil
        if isTaken, inside.isEmpty { pthread_cond_broadcast(changed) }
    }

    private func take() throws(StoreError) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if inside[pthread_self()] != nil { throw .nestedWrite }
        while isTaken { pthread_cond_wait(changed, mutex) }
        isTaken = true
        while !inside.isEmpty { pthread_cond_wait(changed, mutex) }
    }

    private func giveBack() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isTaken = false
        pthread_cond_broadcast(changed)
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
