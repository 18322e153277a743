import Access
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
struct SocketSession {
    typealias Outbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// The most filters of one client.
    static let filterLimit = 1000

    private let feed: EventFeed
    private let audiences: Audiences
    private let longestSilence: Duration
    private let bell: Bell
    private let inbox: SocketInbox
    private let pulse: Pulse
    private let outbound: Outbound
    private var watcher: Watcher
    /// Those who want the same.
    private var audience: Audience?
    /// Where the client stands; nil until it has registered for something.
    private var reader: EventReader?
    /// Where it wants to begin.
    private var start: EventStart?
    /// The cursor that it was last told.
    private var bookmarked: EventCursor?
    private var beats = 0

    /// Serves a client until it or the server leaves.
    static func run(
        _ channel: NIOAsyncChannel<WebSocketFrame, ByteBuffer>, _ badge: Badge, _ services: Services, logger: Logger
    ) async {
        let bell = Bell()
        let inbox = SocketInbox(ringing: bell)
        let pulse = Pulse(channel.channel, services.configuration.watching, ringing: bell) {
            logger.info(
                "a websocket is cut off: its reader stopped reading",
                metadata: ["principal": "\(badge.principal.displayed)"])
        }
        defer { pulse.stop() }
        do {
            try await channel.executeThenClose { inbound, outbound in
                await withTaskGroup { group in
                    group.addTask { await inbox.receive(inbound) }
                    var session = SocketSession(badge, services, bell, inbox, pulse, outbound)
                    await withGracefulShutdownHandler {
                        await session.serve(logger)
                    } onGracefulShutdown: {
                        inbox.post(.close(.goingAway, "the server shuts down"))
                    }
                    group.cancelAll()
                }
            }
        } catch {
            logger.debug("a websocket broke", metadata: ["cause": "\(error)"])
        }
    }

    private init(
        _ badge: Badge, _ services: Services, _ bell: Bell, _ inbox: SocketInbox, _ pulse: Pulse, _ outbound: Outbound
    ) {
        feed = services.tracker.events
        audiences = services.audiences
        longestSilence = services.configuration.watching.longestSilence
        watcher = Watcher(badge, services.tracker)
        self.bell = bell
        self.inbox = inbox
        self.pulse = pulse
        self.outbound = outbound
    }

    private mutating func serve(_ logger: Logger) async {
        do {
            while !Task.isCancelled {
                for message in inbox.take() where try await !deal(with: message) { return }
                if try await beat(), try await tell() { continue }
                await bell.wait()
            }
        } catch let error as EventError {
            try? await close(.init(codeNumber: 1013), "\(error)")
        } catch let error as AccessError {
            try? await close(.policyViolation, error.messages.joined(separator: "; "))
        } catch {
            logger.debug("a websocket broke", metadata: ["cause": "\(error)"])
        }
    }
}

extension SocketSession {
    /// Does what a message asks.
    ///
    /// - Returns: whether the connection goes on.
    private mutating func deal(with message: SocketInbox.Message) async throws -> Bool {
        switch message {
        case .end: return false
        case .ping(let data): try await write(SocketFrame.control(.pong, data))
        case .close(let code, let reason):
            try await close(code, reason)
            return false
        case .text(let text):
            do throws(EventError) {
                try await obey(SocketCommand(text))
            } catch {
                let answer = acknowledgement("error", SocketCommand.split(text).rest, "\(error)")
                try await write(SocketFrame.text(answer.text))
                return true
            }
            let (word, rest) = SocketCommand.split(text)
            try await write(SocketFrame.text(acknowledgement(word, rest).text))
        }
        return true
    }

    private mutating func obey(_ command: SocketCommand) async throws(EventError) {
        audience = nil
        switch command {
        case .register(let filter):
            guard watcher.filters.count < Self.filterLimit else {
                throw .malformedFilter(filter.text, "there are \(Self.filterLimit) already: join some by commas")
            }
            if reader == nil { reader = try await feed.reader(from: start ?? .now, ringing: bell) }
            if !watcher.filters.contains(filter) { watcher.filters.append(filter) }
        case .deregister(let filter): watcher.filters.removeAll { $0 == filter }
        case .since(let start):
            // Looked at now, so that the client hears at once if it cannot be.
            let reader = try await feed.reader(from: start, ringing: bell)
            self.start = start
            bookmarked = reader.cursor
            if !watcher.filters.isEmpty { self.reader = reader }
        }
    }

    /// An event of the connection itself.
    private func acknowledgement(_ action: String, _ key: String, _ text: String? = nil) -> Event {
        Event(
            time: Timestamp.now.description, type: "websocket", action: action, key: key,
            principal: watcher.badge.principal.displayed, object: text.map { JSONDocument(.string($0)) })
    }
}

extension SocketSession {
    /// Tells of what is new.
    ///
    /// - Returns: whether there may be more.
    private mutating func tell() async throws -> Bool {
        guard var reader else { return false }
        var page = Audience.Page()
        let span = watcher.badge.seesEverything ? reader.span : nil
        if let span, span.isEmpty { return false }
        if let span, let shared = fellows().page(of: span) {
            reader.skip(span)
            page = shared
        } else {
            let groups = try await reader.read()
            guard !groups.isEmpty else { return false }
            for group in groups {
                let events = try watcher.pick(from: group)
                if !events.isEmpty { page.write(events, of: group, as: form) }
            }
        }
        self.reader = reader
        if page.bytes.readableBytes > 0 {
            try await write(page.bytes)
            if bookmarked != nil { try await write(bookmark(reader.cursor)) }
        }
        return true
    }

    private var form: Audience.Form { bookmarked == nil ? .plain : .numbered }

    /// Those who want the same.
    private mutating func fellows() -> Audience {
        if let audience { return audience }
        let found = audiences.audience(of: Audience.Wishes(filters: Set(watcher.filters), form: form))
        audience = found
        return found
    }

    /// Does what is due from time to time.
    ///
    /// - Returns: whether the connection goes on.
    private mutating func beat() async throws -> Bool {
        guard pulse.beats != beats else { return true }
        beats = pulse.beats
        try watcher.refresh()
        if let bookmarked, let cursor = reader?.cursor, cursor != bookmarked { try await write(bookmark(cursor)) }
        if beats.isMultiple(of: 2) { try await write(SocketFrame.control(.ping)) }
        if inbox.silence > longestSilence { inbox.post(.close(.goingAway, "nothing was heard for long")) }
        return true
    }

    private mutating func bookmark(_ cursor: EventCursor) -> ByteBuffer {
        bookmarked = cursor
        return SocketFrame.text(acknowledgement("bookmark", cursor.description).text)
    }

    private func write(_ frames: ByteBuffer) async throws {
        pulse.writes(true)
        defer { pulse.writes(false) }
        try await outbound.write(frames)
    }

    /// Says why the connection ends.
    private func close(_ code: WebSocketErrorCode, _ reason: String) async throws {
        try await write(SocketFrame.close(code, reason))
    }
}
