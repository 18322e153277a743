import Basics
import BasicsTesting
import JSON
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// Watchers who do not do what they should, over real sockets.
@Suite(.timeLimit(.minutes(10))) struct WatchingTests {
    private static let limits = ServerConfiguration.Watching()

    /// A server whose watchers are looked after by that clock.
    private static func withServer(
        clock: any TimeSource = ManualClock(),
        _ body: @escaping @Sendable (TestServer, Int) async throws -> Void
    ) async throws {
        var limits = ConnectionRegistry.Limits()
        limits.writeTimeout = .seconds(3600)
        let server = try await TestServer(clock: clock) {
            // A watcher's own patience decides here, however long the commits of a test take.
            $0.connections = ConnectionRegistry(limits)
        }
        try await server.listening { port in try await body(server, port) }
    }

    /// Commits profiles with large descriptions.
    private static func commit(_ count: Int, to tracker: DataTracker, size: Int = 1000) async throws {
        let text = String(repeating: "x", count: size)
        for number in 0..<count {
            _ = try await tracker.commit(.system("test")) { draft throws(TrackerError) in
                _ = try draft.create(
                    "profiles", ["Name": .string("p\(number)-\(size)"), "Description": .string(text)])
            }
        }
    }

    @Test func `who does not read is cut off, and costs no writer anything`() async throws {
        let clock = ManualClock()
        try await Self.withServer(clock: clock) { server, port in
            let stalled = try RawWatcher(port: port)
            try await stalled.watch(token: server.token)
            // Far more than the system's buffers hold; every commit is acknowledged although nobody reads.
            try await Self.commit(400, to: server.tracker, size: 100_000)
            await clock.advancing(by: Self.limits.interval) {
                while !server.logs.lines.contains(where: { $0.message.contains("its reader stopped reading") }) {
                    await Task.yield()
                }
            }
            // What was on its way is bounded by the buffers, whatever happened meanwhile.
            #expect(try await stalled.drain() < 20_000_000)
        }
    }

    @Test func `a stream that is not read is cut off too`() async throws {
        let clock = ManualClock()
        try await Self.withServer(clock: clock) { server, port in
            let stalled = try RawWatcher(port: port)
            let request = """
                GET /api/v3/events?since=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(server.token)\r\n\
                Accept: text/event-stream\r\n\r\n
                """
            stalled.send(Array(request.utf8))
            try await Self.commit(400, to: server.tracker, size: 100_000)
            await clock.advancing(by: Self.limits.interval) {
                while !server.logs.lines.contains(where: { $0.message.contains("its reader stopped reading") }) {
                    await Task.yield()
                }
            }
            #expect(try await stalled.drain() < 20_000_000)
        }
    }

    @Test func `a slow reader is told everything once it reads`() async throws {
        // No ping comes between the events, however long they take.
        try await Self.withServer { server, port in
            let slow = try RawWatcher(port: port)
            try await slow.watch(token: server.token)
            try await Self.commit(300, to: server.tracker, size: 50_000)
            for number in 0..<300 {
                #expect(try await slow.frame().text.hasPrefix("{\"Action\":\"create\",\"Key\":\"p\(number)-"))
            }
        }
    }

    @Test func `who answers pings stays, and who does not is let go`() async throws {
        let clock = FrameCountingClock()
        try await Self.withServer(clock: clock) { server, port in
            let (silent, present) = (try RawWatcher(port: port), try RawWatcher(port: port))
            try await silent.watch(token: server.token)
            try await present.watch(token: server.token)
            // All in all far longer than the longest silence, but never without an answer for that long.
            for _ in 0..<5 {
                let heard = clock.frames
                for _ in 0..<2 {
                    await clock.base.untilSleeping(1)
                    clock.base.advance(by: Self.limits.longestSilence * 3 / 8)
                }
                #expect(try await present.frame().opcode == 9)
                present.send(10, "")
                while clock.frames == heard { await Task.yield() }
            }
            var frame = try await silent.frame()
            #expect(frame.opcode == 9)
            while frame.opcode == 9 { frame = try await silent.frame() }
            #expect(frame.opcode == 8 && frame.code == 1001)
            present.send(1, "register roles.*.*")
            repeat { frame = try await present.frame() } while frame.opcode == 9
            #expect(frame.opcode == 1, "\(frame.code)")
        }
    }

    @Test func `bookmarks keep idle cursors fresh`() async throws {
        let clock = ManualClock()
        try await Self.withServer(clock: clock) { server, port in
            let client = try RawWatcher(port: port)
            try await client.watch(token: server.token, "nothing.*.*")
            client.send(1, "since \(server.tracker.events.now)")
            try await Self.commit(1, to: server.tracker)
            let bookmark = "\"Action\":\"bookmark\",\"Key\":\"\(server.tracker.events.now)\""
            try await clock.advancing(by: Self.limits.interval) {
                while try await !client.frame().text.contains(bookmark) {}
            }
        }
    }

    @Test(
        arguments: [
            ("binary", [0x82, 0x81, 0, 0, 0, 0, 1], 1003), ("no UTF-8", [0x81, 0x81, 0, 0, 0, 0, 0xff], 1007),
            ("too large", [0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 1009),
            ("a fragmented ping", [0x09, 0x80, 0, 0, 0, 0], 1002),
            ("a large ping", [0x89, 0xfe, 1, 0, 0, 0, 0, 0], 1002),
            ("a fragment of nothing", [0x80, 0x80, 0, 0, 0, 0], 1002), ("no mask", [0x81, 0x01, 0x41], 1002),
        ] as [(String, [UInt8], Int)])
    func `what no client may send ends the connection with the reason`(what: String, bytes: [UInt8], code: Int)
        async throws
    {
        try await Self.withServer { server, port in
            let client = try RawWatcher(port: port)
            try await client.watch(token: server.token)
            client.send(bytes)
            let frame = try await client.frame()
            #expect(frame.opcode == 8 && frame.code == code, "\(what)")
        }
    }
}
