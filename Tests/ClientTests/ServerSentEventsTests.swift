import StoreTesting
import Testing

@testable import Client

@Suite struct ServerSentEventsTests {
    private static let stream =
        "retry: 1000\nid: a~1\n\n: bookmark\nid: a~2\n\nid: a~3\ndata: {\"Key\":\"x\"}\n\n"
        + "data: one\ndata: two\n\nevent: error\ndata: \"gone\"\n\n"

    private static func all(_ parts: [[UInt8]]) throws -> [ServerSentEvents.Event] {
        var parser = ServerSentEvents()
        return try parts.flatMap { try parser.events(in: $0) }
    }

    @Test func `ids, data of several lines and kinds are told, comments are not`() throws {
        let events = try Self.all([Array(Self.stream.utf8)])
        #expect(
            events == [
                .init(id: "a~1"), .init(id: "a~2"), .init(id: "a~3", data: "{\"Key\":\"x\"}"), .init(data: "one\ntwo"),
                .init(name: "error", data: "\"gone\""),
            ])
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `however the stream is cut into parts, the events are the same`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let ending = ["\n", "\r\n", "\r"].randomElement(using: &generator) ?? "\n"
        let bytes = Array(
            Self.stream.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: ending).utf8)
        var parts: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + Int.random(in: 1...7, using: &generator), bytes.count)
            parts.append(Array(bytes[start..<end]))
            start = end
        }
        #expect(try Self.all(parts) == Self.all([Array(Self.stream.utf8)]))
    }

    @Test func `a line without an end is refused, not gathered for ever`() {
        #expect(throws: ClientError.self) {
            try Self.all([[UInt8](repeating: 120, count: ServerSentEvents.longestLine + 1)])
        }
    }
}
