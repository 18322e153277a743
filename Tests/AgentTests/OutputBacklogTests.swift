import Basics
import Glibc
import StoreTesting
import Testing

@testable import Agent

@Suite struct `Output that waits for the server` {
    /// The bytes that a backlog's places hold, as a file would.
    private struct File {
        var bytes: [UInt8]
        var backlog: OutputBacklog

        init(_ capacity: Int) {
            (bytes, backlog) = ([UInt8](repeating: 0, count: capacity), OutputBacklog(capacity: capacity))
        }

        mutating func add(_ data: [UInt8]) {
            var position = 0
            for place in backlog.add(data.count) {
                bytes.replaceSubrange(
                    place.offset..<(place.offset + place.count), with: data[position..<(position + place.count)])
                position += place.count
            }
        }

        func next(_ most: Int) -> [UInt8] {
            backlog.next(atMost: most).places.flatMap { bytes[$0.offset..<($0.offset + $0.count)] }
        }
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>) func `comes out as it went in, as long as there is room`(
        seed: UInt64
    ) {
        var random = SeededGenerator(seed: seed)
        var (file, model, number) = (File(37), [UInt8](), UInt8(0))
        for _ in 0..<500 {
            if Bool.random(using: &random) {
                let data = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                    number &+= 1
                    return number
                }
                file.add(data)
                model += data.prefix(37 - model.count)
            } else {
                let most = Int.random(in: 1...15, using: &random)
                let next = file.next(most)
                #expect(next == Array(model.prefix(most)), "seed \(seed)")
                file.backlog.acknowledge(next.count)
                model.removeFirst(next.count)
            }
            #expect(file.backlog.waiting == model.count, "seed \(seed)")
        }
    }

    @Test func `is counted where there is no room for it, and told of once there is`() {
        var backlog = OutputBacklog(capacity: 10)
        #expect(backlog.add(25).map(\.count) == [10])
        #expect(backlog.takeDropped(roomFor: 5) == nil)
        backlog.acknowledge(6)
        #expect(backlog.takeDropped(roomFor: 5) == 15)
        #expect(backlog.takeDropped(roomFor: 5) == nil)
    }

    @Test func `is numbered without what was dropped`() {
        var backlog = OutputBacklog(capacity: 10)
        _ = backlog.add(25)
        backlog.acknowledge(10)
        _ = backlog.add(3)
        #expect(backlog.next(atMost: 64).start == 10)
    }

    @Test func `says in the log how much is missing`() throws {
        let path = "/tmp/muster-spool-\(getpid())"
        defer { unlink(path) }
        let spool = try #require(OutputSpool(path, capacity: 1_000))
        spool.append(String(repeating: "a", count: 1_500))
        #expect(spool.next().bytes.count == 1_000)
        spool.acknowledge(1_000)
        spool.append("b")
        let text = String(decoding: spool.next().bytes, as: UTF8.self)
        #expect(text == "\nmuster-agent: 500 bytes of output are missing here: the server did not take them in time\nb")
    }

    @Test func `is sent in parts of 64 KiB`() throws {
        let path = "/tmp/muster-spool-parts-\(getpid())"
        defer { unlink(path) }
        let spool = try #require(OutputSpool(path))
        spool.append(String(repeating: "x", count: 200_000))
        var counts: [Int] = []
        while case let part = spool.next(), !part.bytes.isEmpty {
            #expect(part.start == counts.reduce(0, +))
            counts.append(part.bytes.count)
            spool.acknowledge(part.bytes.count)
        }
        #expect(counts == [65_536, 65_536, 65_536, 3_392])
    }
}
