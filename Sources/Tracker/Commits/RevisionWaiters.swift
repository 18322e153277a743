import Synchronization

/// Tasks that wait until a change that may concern them is durable.
final class RevisionWaiters: Sendable {
    private struct Waiter: Sendable {
        let after: Revision
        let interest: ChangeInterest
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var published: Revision
        var nextID = 0
        var waiting: [Int: Waiter] = [:]
        /// Who waits, by what for.
        var interested: [ChangeInterest: Set<Int>] = [:]

        mutating func remove(_ id: Int) -> CheckedContinuation<Bool, Never>? {
            guard let waiter = waiting.removeValue(forKey: id) else { return nil }
            interested[waiter.interest]?.remove(id)
            if interested[waiter.interest]?.isEmpty ?? false { interested[waiter.interest] = nil }
            return waiter.continuation
        }
    }

    private let state: Mutex<State>

    init(published: Revision) { state = Mutex(State(published: published)) }

    /// How many wait.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Wakes everyone whom the commits up to `revision` may concern.
    ///
    /// - Parameter touched: what they change; made only if anybody waits. Nil if that is not known.
    func publish(_ revision: Revision, _ touched: @autoclosure () -> Set<ChangeInterest>?) {
        let ready: [CheckedContinuation<Bool, Never>] = state.withLock { state in
            state.published = revision
            if state.waiting.isEmpty { return [] }
            let ids = touched().map { $0.flatMap { state.interested[$0] ?? [] } } ?? Array(state.waiting.keys)
            return ids.compactMap { id in
                state.waiting[id].map { $0.after < revision } ?? false ? state.remove(id) : nil
            }
        }
        for continuation in ready { continuation.resume(returning: true) }
    }

    /// Returns once a revision after `revision` is published that may concern who has this interest, or at once if any
    /// revision after it is published already.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func wait(after revision: Revision, for interest: ChangeInterest) async throws(CancellationError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isReady = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.published > revision { return true }
                    if Task.isCancelled { return false }
                    state.waiting[id] = Waiter(after: revision, interest: interest, continuation: continuation)
                    state.interested[interest, default: []].insert(id)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.remove(id) }?.resume(returning: false)
        }
        guard isReady else { throw CancellationError() }
    }
}

/// What a task waits to see changed. Commits that cannot concern it do not wake it.
public enum ChangeInterest: Sendable, Hashable {
    /// One object.
    case object(ObjectID)
    /// Any object of a type.
    case type(TypeName)
    /// Anything.
    case anything

    /// The interests that a group of commits concerns; nil for all of them, as where rights may follow from a change.
    static func touched(by records: [CommitRecord], _ catalog: Catalog) -> Set<ChangeInterest>? {
        var touched: Set<ChangeInterest> = [.anything]
        for record in records {
            guard record.packs.isEmpty else { return nil }
            for change in record.changes {
                if catalog[change.id.typeName]?.traits.contains(.decidesRights) == true { return nil }
                touched.insert(.object(change.id))
                touched.insert(.type(change.id.typeName))
            }
        }
        return touched
    }
}
