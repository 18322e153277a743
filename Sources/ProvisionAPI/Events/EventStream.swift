import Basics
import HTTPServing
import HTTPTypes
import HummingbirdCore
import JSON
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Tracker

/// Events as server-sent events: the body of an answer that goes on until the client or the server leaves.
///
/// The id is the cursor, and stands on the last event of each commit, so that who takes the stream up again gets whole
/// commits. Now and then an id comes alone and keeps the cursor of an idle client fresh.
struct EventStream: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private let watcher: Watcher
    /// Those who want the same; nil for who has conditions.
    private let audience: SharedSubscription?
    private let reader: EventReader
    private let epochs: Epochs
    private let signal: AsyncSignal
    private let pulse: Heartbeat
    private let logger: Logger

    /// A stream.
    ///
    /// - Throws: `EventError`.
    init(_ query: EventQuery, _ watcher: Watcher, _ call: RequestContext) async throws {
        let signal = AsyncSignal()
        reader = try await call.tracker.events.reader(from: query.start, ringing: signal)
        epochs = call.tracker.epochs
        self.watcher = watcher
        self.signal = signal
        logger = call.logger
        let (logger, id) = (call.logger, call.id)
        audience =
            query.conditions == nil
            ? call.services.subscriptions.audience(
                of: SharedSubscription.SubscriptionKey(filters: Set(query.filters), form: .stream(epochs))) : nil
        pulse = Heartbeat(
            call.channel, call.services.heartbeats, patience: call.services.configuration.watching.patience,
            ringing: signal
        ) {
            logger.info("a stream of events is cut off: its reader stopped reading", metadata: ["request": "\(id)"])
        }
    }

    /// The answer that the stream is the body of.
    var answer: Answer {
        Answer(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .parts(ResponseBody(asyncSequence: self)))
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(watcher: watcher, audience: audience, reader: reader, epochs: epochs, signal: signal, pulse: pulse)
    }

    struct Iterator: AsyncIteratorProtocol {
        var watcher: Watcher
        let audience: SharedSubscription?
        var reader: EventReader
        let epochs: Epochs
        let signal: AsyncSignal
        let pulse: Heartbeat
        private var isOpened = false
        private var isEnded = false
        private var beats = 0
        private var told: EventCursor

        fileprivate init(
            watcher: Watcher, audience: SharedSubscription?, reader: EventReader, epochs: Epochs, signal: AsyncSignal,
            pulse: Heartbeat
        ) {
            self.watcher = watcher
            self.epochs = epochs
            self.audience = audience
            self.reader = reader
            self.signal = signal
            self.pulse = pulse
            told = reader.cursor
        }

        /// What to send next; nil when the server shuts down, or has told the client why it ends.
        mutating func next() async throws -> ByteBuffer? {
            pulse.writes(false)
            let buffer = try await nextBuffer()
            if buffer != nil { pulse.writes(true) }
            return buffer
        }

        private mutating func nextBuffer() async throws -> ByteBuffer? {
            if isEnded { return nil }
            if !isOpened {
                isOpened = true
                return ByteBuffer(string: "retry: 1000\nid: \(told)\n\n")
            }
            do {
                while !Task.isCancelled, !Task.isShuttingDownGracefully {
                    if let buffer = try await news() { return buffer }
                    if let buffer = try bookmark() { return buffer }
                    let signal = signal
                    await withGracefulShutdownHandler {
                        await signal.wait()
                    } onGracefulShutdown: {
                        signal.ring()
                    }
                }
                return nil
            } catch {
                isEnded = true
                return ByteBuffer(string: "event: error\ndata: \(JSONValue.string("\(error)").canonicalText)\n\n")
            }
        }

        /// The events that there are; nil if the watcher is to be told of nothing at present.
        private mutating func news() async throws -> ByteBuffer? {
            while let page = try await nextPage() {
                if let revision = page.told { told = epochs.cursor(after: revision) }
                if page.bytes.readableBytes > 0 { return page.bytes }
            }
            return nil
        }

        /// The next part of the stream as far as the watcher is told of it; nil at its end.
        private mutating func nextPage() async throws -> SharedSubscription.Page? {
            // Whoever has been told the last is told nothing more, whatever all are told.
            try watcher.goOn()
            if let audience, watcher.badge.seesEverything, let span = reader.span {
                if span.isEmpty { return nil }
                if let page = watcher.page(of: span, for: audience) {
                    reader.skip(span)
                    return page
                }
            }
            let groups = try await reader.read()
            if groups.isEmpty { return nil }
            var page = SharedSubscription.Page()
            for group in groups {
                let events = try watcher.pick(from: group)
                if !events.isEmpty { page.write(events, of: group, as: .stream(epochs)) }
                if watcher.isAtEnd { break }
            }
            return page
        }

        /// A fresh cursor if it is time for one. It also finds out whether the client is still there.
        private mutating func bookmark() throws -> ByteBuffer? {
            guard pulse.beats != beats else { return nil }
            beats = pulse.beats
            try watcher.refresh()
            told = reader.cursor
            return ByteBuffer(string: ": bookmark\nid: \(told)\n\n")
        }
    }
}
