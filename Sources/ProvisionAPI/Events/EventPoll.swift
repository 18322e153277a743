import Basics
import HTTPServing
import JSON
import NIOCore
import ServiceLifecycle
import Synchronization
import Tracker

/// One answer to a client that polls: what is new, or, for as long as it waits, what comes.
struct EventPoll: Sendable {
    let query: EventQuery
    var watcher: Watcher
    let feed: EventFeed
    /// Takes the wait.
    let clock: any TimeSource

    private final class Patience: Sendable {
        let signal = AsyncSignal()
        private let isOut = Atomic(false)

        var hasRunOut: Bool { isOut.load(ordering: .acquiring) }

        func runOut() {
            isOut.store(true, ordering: .releasing)
            signal.ring()
        }
    }

    private struct Page {
        var events: [Event] = []
        var cursor: EventCursor
    }

    /// The answer: `{"cursor": …, "events": […]}`.
    ///
    /// - Throws: `EventError`, or `AccessError` when the client's credentials end while it waits.
    mutating func answer() async throws -> Answer {
        let patience = Patience()
        var reader = try await feed.reader(from: query.start, ringing: patience.signal)
        if query.wait == .zero { patience.runOut() }
        return try await withThrowingTaskGroup(of: Void.self) { [wait = query.wait, clock] group in
            if wait > .zero {
                group.addTask {
                    try? await cancelWhenGracefulShutdown { try await clock.sleep(for: wait) }
                    patience.runOut()
                }
            }
            defer { group.cancelAll() }
            return Self.answer(try await page(&reader, patience))
        }
    }

    private mutating func page(_ reader: inout EventReader, _ patience: Patience) async throws -> Page {
        var page = Page(cursor: reader.cursor)
        while true {
            let groups = try await reader.read()
            for group in groups {
                page.events += try watcher.pick(from: group)
                if let revision = group.revision {
                    page.cursor = feed.cursor(after: revision)
                }
                if page.events.count >= query.limit || watcher.isAtEnd { return page }
            }
            if !groups.isEmpty { continue }
            page.cursor = reader.cursor
            if !page.events.isEmpty || patience.hasRunOut || Task.isCancelled { return page }
            await patience.signal.wait()
        }
    }

    private static func answer(_ page: Page) -> Answer {
        var bytes = Array("{\"cursor\":".utf8)
        JSONValue.string(page.cursor.description).write(into: &bytes)
        bytes += ",\"events\":[".utf8
        for (position, event) in page.events.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += event.numberedText
        }
        bytes += "]}".utf8
        return .json(ByteBuffer(bytes: bytes))
    }
}
