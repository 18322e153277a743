import Basics
import Synchronization

/// The newest events in memory, bounded in number and bytes: what all watchers who keep up are told from.
///
/// The committer appends and goes on: it never waits for a watcher, and waking them is left to another task.
final class EventRingBuffer: Sendable {
    /// How much is kept.
    struct Limits: Sendable {
        /// Groups.
        var count = 16_384
        /// Bytes of objects, about.
        var bytes = 32 << 20
        /// Bytes of objects while nobody watches: who comes back later is told from the log.
        var unwatchedBytes = 2 << 20
        /// How many watchers are woken at once. If there are more, a pause follows, so that writers get their turn.
        var woken = 64
        /// The pause for each watcher that was woken.
        var pause = Duration.microseconds(40)
    }

    /// Where a reader stands.
    struct Place: Sendable {
        /// The newest commit it has been told.
        var revision: Revision
        /// The number of the newest entry it has been told; nil if it does not stand in the tail.
        var entry: UInt64?
        /// The number of the newest entry when it joined: passing events up to there were not for it.
        let joined: UInt64
    }

    /// A run of entries: whoever stands at its beginning may be told all of it, and stands at its end then.
    struct Span: Sendable, Hashable {
        /// The number of the entry before it.
        let start: UInt64
        /// The number of its last entry; `start` if it is empty.
        let end: UInt64
        /// The newest commit up to its end.
        let revision: Revision
    }

    fileprivate struct Entry: Sendable {
        /// The newest commit up to and including the entry.
        let revision: Revision
        /// The bytes of all entries ever added, up to and including this one.
        let end: Int
        let group: EventGroup
    }

    fileprivate struct State: Sendable {
        /// The first `trimmed` are gone, and are removed when there are many.
        var entries: [Entry?] = []
        var trimmed = 0
        /// The number of the entry after the newest; numbers begin at one.
        var next: UInt64 = 1
        /// The number of the newest entry when the watchers were last woken.
        var released: UInt64 = 0
        var bytes = 0
        /// The bytes of all entries ever added.
        var allBytes = 0
        /// Every commit after this one is here.
        var floor: Revision
        var newest: Revision
    }

    private struct SharedSubscription: Sendable {
        var nextID = 0
        var bells: [Int: AsyncSignal] = [:]
        var isBeingWoken = false
        /// Whether something has been added since the watchers were last woken.
        var hasNews = false
    }

    private let limits: Limits
    private let clock: any TimeSource
    private let state: Mutex<State>
    private let audience = Mutex(SharedSubscription())

    /// An empty tail, after the commit `revision`.
    ///
    /// - Parameter clock: takes the pauses between those who are woken.
    init(after revision: Revision, limits: Limits = Limits(), clock: any TimeSource) {
        self.limits = limits
        self.clock = clock
        state = Mutex(State(floor: revision, newest: revision))
    }

    /// The newest commit.
    var newest: Revision { state.withLock { $0.newest } }

    /// Every commit after this one is here.
    var floor: Revision { state.withLock { $0.floor } }

    /// Whether anybody watches.
    var isWatched: Bool { audience.withLock { !$0.bells.isEmpty } }

    /// Adds groups, drops the oldest beyond the limits, and has the watchers woken.
    ///
    /// - Parameter revision: the newest commit there is now, if it may be another than that of the last group: commits that
    ///   are not among the groups are left to the log.
    func append(_ groups: [EventGroup], upTo revision: Revision? = nil) {
        let byteLimit = isWatched ? limits.bytes : min(limits.bytes, limits.unwatchedBytes)
        let dropped = state.withLock { state in
            var dropped: [Entry?] = []
            for group in groups {
                if let own = group.revision, own.number > state.newest.number + 1 {
                    dropped += state.skip(to: Revision(own.number - 1))
                }
                state.append(group)
            }
            if let revision, revision > state.newest { dropped += state.skip(to: revision) }
            return dropped + state.trim(to: limits.count, byteLimit)
        }
        // Freeing documents may take long, and nobody should wait for the lock meanwhile.
        withExtendedLifetime(dropped) {}
        wake()
    }

    /// The place of a reader who has been told everything up to `revision`, or, if that is nil, up to now.
    func place(after revision: Revision?) -> Place {
        state.withLock { state in
            let last = state.next - 1
            guard let revision, revision != state.newest else {
                return Place(revision: state.newest, entry: last, joined: last)
            }
            return Place(revision: revision, entry: nil, joined: last)
        }
    }

    /// What follows `place`, up to a number of groups and about that many bytes; moves `place` past it. Nil if what
    /// follows is no longer here.
    func read(_ place: inout Place, count: Int, bytes: Int) -> [EventGroup]? {
        state.withLock { $0.read(&place, count: count, bytes: bytes) }
    }

    /// Rings `bell` whenever something is added, until it is taken out again.
    func add(_ bell: AsyncSignal) -> Int {
        audience.withLock { audience in
            audience.nextID += 1
            audience.bells[audience.nextID] = bell
            return audience.nextID
        }
    }

    /// Rings the bell of that id no longer.
    func removeBell(_ id: Int) { audience.withLock { _ = $0.bells.removeValue(forKey: id) } }

    /// What those who stand at `place` may be told together: from there to what there was when all were last woken, so
    /// that they go on in step, but not much more than that many bytes. Nil where what follows is not here, or not for all.
    func span(after place: Place, bytes: Int) -> Span? {
        state.withLock { $0.span(after: place, bytes: bytes) }
    }

    /// The groups of a span; nil if some of them are no longer here.
    func groups(of span: Span) -> [EventGroup]? {
        state.withLock { $0.groups(of: span) }
    }

    private func wake() {
        let isNeeded = audience.withLock { audience in
            guard !audience.bells.isEmpty else { return false }
            audience.hasNews = true
            guard !audience.isBeingWoken else { return false }
            audience.isBeingWoken = true
            return true
        }
        guard isNeeded else { return }
        Task.detached { await self.ring() }
    }

    /// Rings in rounds until there is nothing new.
    private func ring() async {
        while let bells = nextRound() {
            state.withLock { $0.released = $0.next - 1 }
            for start in stride(from: 0, to: bells.count, by: limits.woken) {
                let end = min(bells.count, start + limits.woken)
                for bell in bells[start..<end] { bell.ring() }
                if bells.count > limits.woken { try? await clock.sleep(for: limits.pause * (end - start)) }
            }
        }
    }

    private func nextRound() -> [AsyncSignal]? {
        audience.withLock { audience in
            guard audience.hasNews else {
                audience.isBeingWoken = false
                return nil
            }
            audience.hasNews = false
            return Array(audience.bells.values)
        }
    }
}

extension EventRingBuffer.State {
    fileprivate mutating func append(_ group: EventGroup) {
        if let revision = group.revision { newest = revision }
        allBytes += group.size
        entries.append(EventRingBuffer.Entry(revision: newest, end: allBytes, group: group))
        next += 1
        bytes += group.size
    }

    /// Begins anew after a commit that was made without us, and gives back what was there. A number is left out, so that
    /// readers who stood at the end notice.
    fileprivate mutating func skip(to revision: Revision) -> [EventRingBuffer.Entry?] {
        defer {
            entries = []
            (trimmed, bytes) = (0, 0)
            (floor, newest) = (revision, revision)
            next += 1
        }
        return entries
    }

    /// Drops the oldest entries beyond the limits, and gives them back.
    fileprivate mutating func trim(to count: Int, _ byteLimit: Int) -> [EventRingBuffer.Entry?] {
        var dropped: [EventRingBuffer.Entry?] = []
        while entries.count - trimmed > count || bytes > byteLimit, trimmed < entries.count {
            if let entry = entries[trimmed] {
                bytes -= entry.group.size
                floor = entry.revision
            }
            dropped.append(entries[trimmed])
            entries[trimmed] = nil
            trimmed += 1
        }
        if trimmed > entries.count / 2 {
            entries.removeFirst(trimmed)
            trimmed = 0
        }
        return dropped
    }

    fileprivate func read(_ place: inout EventRingBuffer.Place, count: Int, bytes: Int) -> [EventGroup]? {
        guard let start = position(after: place) else { return nil }
        var groups: [EventGroup] = []
        var size = 0
        var position = start
        while position < entries.count, groups.count < count, size < bytes {
            if let entry = entries[position], entry.group.revision != nil || number(at: position) > place.joined {
                groups.append(entry.group)
                size += entry.group.size
            }
            position += 1
        }
        if position > start, let last = entries[position - 1] { place.revision = last.revision }
        place.entry = number(at: position) - 1
        return groups
    }

    fileprivate func span(after place: EventRingBuffer.Place, bytes: Int) -> EventRingBuffer.Span? {
        // Passing events from before a reader joined are not for it, so it reads alone until it is past them.
        guard let start = place.entry, start >= place.joined, start + 1 >= number(at: trimmed) else { return nil }
        guard start < released else { return EventRingBuffer.Span(start: start, end: start, revision: place.revision) }
        let first = position(of: start + 1)
        var (low, high) = (first, position(of: released))
        let limit = bytes + (entries[first].map { $0.end - $0.group.size } ?? 0)
        while low < high {
            let middle = (low + high + 1) / 2
            if let entry = entries[middle], entry.end > limit { high = middle - 1 } else { low = middle }
        }
        guard let last = entries[low] else { return nil }
        return EventRingBuffer.Span(start: start, end: number(at: low), revision: last.revision)
    }

    fileprivate func groups(of span: EventRingBuffer.Span) -> [EventGroup]? {
        guard span.start + 1 >= number(at: trimmed), span.end < next else { return nil }
        guard span.start < span.end else { return [] }
        return entries[position(of: span.start + 1)...position(of: span.end)].compactMap { $0?.group }
    }

    private func position(of number: UInt64) -> Int { entries.count - Int(next - number) }

    /// The position of the first entry that a reader at `place` has not been told, or nil if that is gone.
    private func position(after place: EventRingBuffer.Place) -> Int? {
        if let entry = place.entry, entry + 1 >= number(at: trimmed) {
            return trimmed + Int(entry + 1 - number(at: trimmed))
        }
        guard place.revision >= floor else { return nil }
        var (low, high) = (trimmed, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if let entry = entries[middle], entry.revision > place.revision { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The number of the entry at a position, or of the one that will come there.
    private func number(at position: Int) -> UInt64 { next - UInt64(entries.count - position) }
}
