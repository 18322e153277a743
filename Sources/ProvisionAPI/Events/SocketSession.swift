import Access
import Basics
import HTTPServing
import JSON
import Logging
import NIOCore
import NIOWebSocket
import ServiceLifecycle
import Synchronization
import Tracker

/// One client's websocket: takes commands, and tells of events (C §12).
///
/// A client that says `since CURSOR` gets our own form: events with their revision, and after each run of them a frame of
/// type `websocket` and action `bookmark` whose key is the cursor to come back with. All others get what C says and no more.
final class SocketSession {
    /// The most filters of one client, and the most bytes of all of them.
    static let filterLimit = 1000
    static let filterBytes = 256 << 10

    private let feed: EventFeed
    private let subscriptions: SharedSubscriptions
    private let clock: any TimeSource
    private let longestSilence: Duration
    private let signal: AsyncSignal
    private let inbox: SocketInbox
    private let outbox: SocketOutbox
    private let pulse: Heartbeat
    private var watcher: Watcher
    /// Those who want the same.
    private var audience: SharedSubscription?
    /// Where the client stands, or wants to begin.
    private var reader: EventReader?
    /// Whether it has registered for something; before that it goes nowhere.
    private var isRegistered = false
    /// The cursor that it was last told.
    private var bookmarked: EventCursor?
    private var beats = 0
    /// The beat of the last ping.
    private var pingedAt = 0

    /// Serves a client until it or the server leaves.
    static func run(
        _ channel: any Channel, _ inbox: SocketInbox, _ admitted: AdmittedCredentials, _ services: Services,
        logger: Logger
    ) async {
        guard let session = SocketSession(channel, inbox, admitted, services, logger) else {
            return channel.close(promise: nil)
        }
        await withGracefulShutdownHandler {
            let farewell = await session.serve()
            session.pulse.stop()
            await session.outbox.close(with: farewell)
        } onGracefulShutdown: {
            inbox.post(.close(.goingAway, "the server shuts down"))
        }
    }

    /// A session; nil if nobody was admitted. Never inlined: see `AdmittedCredentials`.
    @inline(never)
    private init?(
        _ channel: any Channel, _ inbox: SocketInbox, _ admitted: AdmittedCredentials, _ services: Services,
        _ logger: Logger
    ) {
        guard let badge = admitted.take() else { return nil }
        feed = services.tracker.events
        subscriptions = services.subscriptions
        clock = services.tracker.environment.clock
        longestSilence = services.configuration.watching.longestSilence
        watcher = Watcher(badge, services.tracker)
        signal = inbox.signal
        outbox = SocketOutbox(channel, ringing: inbox.signal)
        self.inbox = inbox
        let name = badge.principal.displayed
        pulse = Heartbeat(
            channel, services.heartbeats, patience: services.configuration.watching.patience, ringing: inbox.signal
        ) {
            logger.info(
                "a websocket is cut off: its reader stopped reading", metadata: ["principal": "\(name)"])
        }
    }

    /// Goes on until there is a reason to end; returns the frame that tells it, if there is anybody to tell.
    private func serve() async -> ByteBuffer? {
        do {
            while !Task.isCancelled {
                if outbox.isFull, !inbox.isClosing {
                    pulse.writes(true)
                } else {
                    pulse.writes(false)
                    switch try await turn() {
                    case .end(let farewell): return farewell
                    case .more: continue
                    case .idle: break
                    }
                }
                await signal.wait()
            }
            return nil
        } catch let error as EventError {
            return SocketFrame.close(.init(codeNumber: 1013), "\(error)")
        } catch let error as AccessError {
            return SocketFrame.close(.policyViolation, error.messages.joined(separator: "; "))
        } catch {
            return SocketFrame.close(.unexpectedServerError, "\(error)")
        }
    }

    /// What comes after a turn.
    private enum Next {
        /// Another one.
        case more
        /// Nothing, until the signal rings.
        case idle
        /// The end, with the frame that tells why.
        case end(ByteBuffer?)
    }

    /// Deals with what is there, and tells of what is new, some of it.
    private func turn() async throws -> Next {
        for message in inbox.take() {
            switch message {
            case .end: return .end(nil)
            case .close(let code, let reason): return .end(SocketFrame.close(code, reason))
            case .ping(let data): outbox.send(SocketFrame.control(.pong, data))
            case .text(let text): if let start = answer(text) { await begin(at: start, text) }
            }
        }
        try beat()
        return try await tell() ? .more : .idle
    }
}

extension SocketSession {
    /// Does what a client says, and sends what it waits for: one frame, whatever it said.
    ///
    /// - Returns: where the client wants to begin, if that must be looked up first.
    private func answer(_ text: String) -> EventStart? {
        let (word, rest) = SocketCommand.split(text)
        do throws(EventError) {
            switch try SocketCommand(text) {
            case .register(let filter): try register(filter)
            case .deregister(let filter): watcher.filters.removeAll { $0 == filter }
            case .since(let start): return start
            }
            audience = nil
            acknowledge(word, rest)
        } catch {
            acknowledge("error", rest, "\(error)")
        }
        return nil
    }

    private func register(_ filter: EventFilter) throws(EventError) {
        guard watcher.filters.count < Self.filterLimit else {
            throw .malformedFilter(filter.text, "there are \(Self.filterLimit) already: join some by commas")
        }
        let bytes = watcher.filters.reduce(filter.text.utf8.count) { $0 + $1.text.utf8.count }
        guard bytes <= Self.filterBytes else {
            throw .malformedFilter(
                filter.text, "all filters of a client together may have \(Self.filterBytes) bytes: deregister some")
        }
        isRegistered = true
        if reader == nil { reader = feed.reader(ringing: signal) }
        if !watcher.filters.contains(filter) { watcher.filters.append(filter) }
    }

    /// Begins there; looked at now, so that the client hears at once if it cannot be.
    ///
    /// Never inlined, for the same reason as `tellAlone`.
    @inline(never)
    private func begin(at start: EventStart, _ text: String) async {
        let (word, rest) = SocketCommand.split(text)
        do throws(EventError) {
            let reader = try await feed.reader(from: start, ringing: signal)
            self.reader = reader
            bookmarked = reader.cursor
            audience = nil
            acknowledge(word, rest)
        } catch {
            acknowledge("error", rest, "\(error)")
        }
    }

    /// Sends an event of the connection itself.
    private func acknowledge(_ action: String, _ key: String, _ text: String? = nil) {
        let event = Event(
            time: clock.now().description, type: "websocket", action: action, key: key,
            principal: watcher.badge.principal.displayed, object: text.map { JSONDocument(.string($0)) })
        outbox.send(SocketFrame.text(event.text))
    }
}

extension SocketSession {
    /// Tells of what is new.
    ///
    /// - Returns: whether there may be more.
    private func tell() async throws -> Bool {
        guard isRegistered else { return false }
        // Whoever has been told the last is told nothing more, whatever all are told.
        try watcher.goOn()
        if let isMore = tellAsFellows() { return isMore }
        return try await tellAlone()
    }

    /// Tells what all are told who want the same.
    ///
    /// - Returns: whether there may be more; nil if this watcher must look for itself.
    private func tellAsFellows() -> Bool? {
        guard watcher.badge.seesEverything, let span = reader?.span else { return nil }
        if span.isEmpty { return false }
        guard let page = watcher.page(of: span, for: fellows()) else { return nil }
        reader?.skip(span)
        send(page)
        return true
    }

    /// Tells what this watcher alone may be told. Never inlined, since a task keeps the memory that it once needed: most
    /// never come here.
    @inline(never)
    private func tellAlone() async throws -> Bool {
        guard var reader else { return false }
        let groups = try await reader.read()
        if groups.isEmpty { return false }
        var page = SharedSubscription.Page()
        for group in groups {
            let events = try watcher.pick(from: group)
            if !events.isEmpty { page.write(events, of: group, as: form) }
            if watcher.isAtEnd { break }
        }
        self.reader = reader
        send(page)
        return true
    }

    private func send(_ page: SharedSubscription.Page) {
        guard page.bytes.readableBytes > 0 else { return }
        outbox.send(page.bytes)
        if bookmarked != nil, let cursor = reader?.cursor { bookmark(cursor) }
    }

    private var form: SharedSubscription.Form { bookmarked == nil ? .plain : .numbered }

    /// Those who want the same.
    private func fellows() -> SharedSubscription {
        if let audience { return audience }
        let found = subscriptions.audience(
            of: SharedSubscription.SubscriptionKey(filters: Set(watcher.filters), form: form))
        audience = found
        return found
    }

    /// Does what is due from time to time.
    private func beat() throws {
        guard pulse.beats != beats else { return }
        beats = pulse.beats
        try watcher.refresh()
        if let bookmarked, let cursor = reader?.cursor, cursor != bookmarked { bookmark(cursor) }
        if beats >= pingedAt + 2 {
            pingedAt = beats
            outbox.send(SocketFrame.control(.ping))
        }
        if inbox.silence > longestSilence { inbox.post(.close(.goingAway, "nothing was heard for long")) }
    }

    private func bookmark(_ cursor: EventCursor) {
        bookmarked = cursor
        acknowledge("bookmark", cursor.description)
    }
}
