public import Basics
import JSON
import Synchronization

/// Everything that happens, in order, for any number of watchers.
///
/// Watchers pull: each has a ``EventReader`` that stands somewhere in the stream, and a ``Bell`` that rings when there is
/// more. So a slow watcher costs no more memory than a fast one. Who keeps up is told from memory, who falls behind from
/// the store, and no commit waits for either.
public final class EventFeed: Sendable {
    private let epochs: Epochs
    private let catalog: CatalogReference
    fileprivate let tail: EventRingBuffer
    private let log: (any EventLog)?
    /// How many want passing events of a type.
    fileprivate let wanted = Mutex<[Identifier: Int]>([:])

    /// A feed of what is appended to `tail`, with what is older from `log`; nil if there is nothing older.
    init(epochs: Epochs, catalog: CatalogReference, tail: EventRingBuffer, log: (any EventLog)?) {
        self.epochs = epochs
        self.catalog = catalog
        self.tail = tail
        self.log = log
    }

    /// A feed of what is appended after `revision`, with what is older from `log`.
    convenience init(
        epochs: Epochs, catalog: CatalogReference, after revision: Revision, log: (any EventLog)?, clock: any TimeSource
    ) {
        self.init(epochs: epochs, catalog: catalog, tail: EventRingBuffer(after: revision, clock: clock), log: log)
    }

    /// The present end of the stream.
    public var now: EventCursor { cursor(after: tail.newest) }

    /// Whether somebody has said to want passing events of that type: those that are too many to be made for nobody.
    public func isWanted(_ type: String) -> Bool { wanted.withLock { $0[Identifier(type)] != nil } }

    /// Says that passing events of that type are wanted, for as long as the answer is held.
    public func want(_ type: String) -> EventInterest { EventInterest(self, type) }

    /// Adds commits, in their order, once they are durable and published; `revision` is the newest there is. Returns at once.
    func append(_ records: [CommitRecord], upTo revision: Revision) {
        let catalog = catalog.current
        tail.append(records.map { EventGroup($0, catalog) }, upTo: revision)
    }

    /// Tells those connected of something that is not kept.
    public func publish(_ event: Event) {
        if tail.isWatched { tail.append([EventGroup(nil, [event])]) }
    }

    /// A reader that stands at `start`.
    ///
    /// - Parameter bell: rings whenever there may be more to read, for as long as the reader or a copy of it lives.
    /// - Throws: `gone` when what follows `start` cannot be told.
    public func reader(from start: EventStart, ringing bell: AsyncSignal) async throws(EventError) -> EventReader {
        // Joins before looking where the stream ends, so that nothing falls between.
        let membership = EventReader.Membership(tail, bell)
        let revision =
            switch start {
            case .now: Revision?.none
            case .oldest: try await oldest()
            case .after(let cursor): try await known(cursor)
            }
        return EventReader(feed: self, place: tail.place(after: revision), membership: membership)
    }

    /// A reader of what comes from now on.
    ///
    /// - Parameter bell: as above.
    public func reader(ringing bell: AsyncSignal) -> EventReader {
        let membership = EventReader.Membership(tail, bell)
        return EventReader(feed: self, place: tail.place(after: nil), membership: membership)
    }

    private func known(_ cursor: EventCursor) async throws(EventError) -> Revision {
        let newest = tail.newest
        guard epochs.wrote(cursor.revision, mark: cursor.epoch, newest: newest) else {
            throw .foreign(cursor: cursor, oldest: self.cursor(after: try await oldest()))
        }
        if cursor.revision >= tail.floor { return cursor.revision }
        guard try await cursor.revision >= oldest() else { throw try await gone(cursor) }
        return cursor.revision
    }

    private func oldest() async throws(EventError) -> Revision {
        guard let log else { return tail.floor }
        return try await min(log.oldest(), tail.floor)
    }

    private func gone(_ cursor: EventCursor) async throws(EventError) -> EventError {
        .gone(cursor: cursor, oldest: self.cursor(after: try await oldest()))
    }

    /// The place after `revision`.
    public func cursor(after revision: Revision) -> EventCursor { epochs.cursor(after: revision) }
}

/// One watcher's place in the stream of events.
public struct EventReader: Sendable {
    /// About how many bytes of events are read at once.
    public static let pageBytes = 256 << 10
    /// How many commits are read at once.
    public static let pageCount = 512

    private let feed: EventFeed
    private var place: EventRingBuffer.Place
    private let membership: Membership

    /// Keeps a bell among those that the tail rings.
    fileprivate final class Membership: Sendable {
        private let tail: EventRingBuffer
        private let id: Int

        init(_ tail: EventRingBuffer, _ bell: AsyncSignal) {
            self.tail = tail
            id = tail.add(bell)
        }

        deinit { tail.removeBell(id) }
    }

    fileprivate init(feed: EventFeed, place: EventRingBuffer.Place, membership: Membership) {
        self.feed = feed
        self.place = place
        self.membership = membership
    }

    /// The place as clients know it: everything up to here has been read.
    public var cursor: EventCursor { feed.cursor(after: place.revision) }

    /// What comes next, a bounded part of it, oldest first; empty if there is nothing yet: wait for the bell.
    ///
    /// Passing events are told to those who keep up; who reads from the store misses them.
    /// - Parameter count: the most groups.
    /// - Throws: `gone` when this reader was so slow that what comes next is no longer kept; `unavailable` when the store
    ///   cannot be read.
    public mutating func read(count: Int = EventReader.pageCount) async throws(EventError) -> [EventGroup] {
        try await feed.read(&place, count: count)
    }

    /// A part of what comes next that everybody who is as far can be told, or nil if this reader has to `read` alone.
    ///
    /// Those who follow spans go on in step, so that what one of them makes of a span serves them all.
    public var span: EventSpan? {
        feed.tail.span(after: place, bytes: Self.pageBytes).map { EventSpan(entries: $0, tail: feed.tail) }
    }

    /// Goes to the end of `span`, which it gave before.
    public mutating func skip(_ span: EventSpan) {
        place.entry = span.entries.end
        place.revision = span.entries.revision
    }
}

/// Somebody's wish for passing events of a type.
public final class EventInterest: Sendable {
    private let feed: EventFeed
    private let type: Identifier

    fileprivate init(_ feed: EventFeed, _ type: String) {
        self.feed = feed
        self.type = Identifier(type)
        feed.wanted.withLock { $0[Identifier(type), default: 0] += 1 }
    }

    deinit {
        feed.wanted.withLock { wanted in
            let rest = (wanted[type] ?? 0) - 1
            wanted[type] = rest > 0 ? rest : nil
        }
    }
}

/// A run of events in memory.
public struct EventSpan: Sendable, Hashable {
    fileprivate let entries: EventRingBuffer.Span
    fileprivate let tail: EventRingBuffer

    /// Whether there is nothing in it.
    public var isEmpty: Bool { entries.start == entries.end }

    /// The events; nil if they have left memory since.
    public var groups: [EventGroup]? { tail.groups(of: entries) }

    /// Whether both are the same run.
    public static func == (one: EventSpan, other: EventSpan) -> Bool { one.entries == other.entries }

    /// Feeds what tells runs apart.
    public func hash(into hasher: inout Hasher) { hasher.combine(entries) }
}

extension EventFeed {
    fileprivate func read(_ place: inout EventRingBuffer.Place, count: Int) async throws(EventError) -> [EventGroup] {
        if let groups = tail.read(&place, count: count, bytes: EventReader.pageBytes) { return groups }
        let known = place.revision
        guard let log else { throw try await gone(cursor(after: known)) }
        let groups = try await log.groups(after: known, through: tail.newest, count: min(count, 64))
        guard let last = groups.last?.revision, groups.first?.revision == known.next else {
            throw try await gone(cursor(after: known))
        }
        place.revision = last
        place.entry = nil
        return groups
    }
}
