import Glibc
import Logging
import Testing

@testable import HTTPServing

/// Lines of the log on their way to a file.
struct LogWriterTests {
    @Test func `a line has the time, the level, the label, sorted metadata, the module and the message`() throws {
        let lines = try Self.lines { logger in
            logger.info("started", metadata: ["port": "8092", "host": "a"])
        }
        #expect(lines.count == 1)
        #expect(lines[0].dropFirst(24) == " info test: host=a port=8092 [HTTPServingTests] started")
        #expect(lines[0].prefix(24).wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}/) != nil)
    }

    @Test func `metadata of the logger is there too, and that of the line goes first`() throws {
        let lines = try Self.lines { logger in
            var logger = logger
            logger[metadataKey: "a"] = "logger"
            logger[metadataKey: "b"] = "logger"
            logger.info("x", metadata: ["b": "line"])
        }
        #expect(lines[0].hasSuffix(" a=logger b=line [HTTPServingTests] x"))
    }

    @Test func `many lines of many threads come out whole, each thread's in order`() async throws {
        let file = try TemporaryLog()
        let writer = LogWriter(descriptor: file.descriptor)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let logger = Logger(label: "t") { writer.handler(label: $0) }
                    for number in 0..<2000 { logger.info("\(task) \(number)") }
                }
            }
        }
        writer.flush()
        var next = [Int](repeating: 0, count: 8)
        for line in try file.lines() {
            let numbers = line.split(separator: " ").suffix(2).compactMap { Int($0) }
            try #require(numbers.count == 2)
            #expect(next[numbers[0]] == numbers[1])
            next[numbers[0]] += 1
        }
        #expect(next == [Int](repeating: 2000, count: 8))
    }

    @Test func `whoever logs more than its reader takes does not wait, and a line tells how much was dropped`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let metrics = ServerMetrics()
        let writer = LogWriter(descriptor: ends[1], metrics: metrics)
        let logger = Logger(label: "t") { writer.handler(label: $0) }
        // Nobody reads: a pipe holds a few hundred of these, errors among them. As many lines as a queue has may be on their way.
        let count = 3 * LogWriter.longestQueue
        for number in 0..<count {
            if number % 2 == 0 { logger.error("line") } else { logger.info("line") }
        }
        let text = metrics.text.split(separator: "\n").first { $0.hasPrefix("muster_log_lines_dropped_total ") }
        let dropped = try #require(text.flatMap { Int($0.split(separator: " ")[1]) })
        let inPipe = (64 << 10) / 20
        #expect(dropped >= count - 2 * LogWriter.longestQueue - inPipe)
        var read = 0
        var said = 0
        try Self.forEachLine(of: ends[0]) { line in
            if line.hasSuffix("[HTTPServingTests] line") { read += 1 }
            if line.contains("lines of the log were dropped") {
                said += Int(line.split(separator: " ").first { Int($0) != nil } ?? "") ?? 0
            }
            return read + said < count
        }
        #expect(said == dropped && read == count - dropped)
        close(ends[0])
        close(ends[1])
    }

    /// Reads a pipe line by line until `body` answers false.
    private static func forEachLine(of descriptor: Int32, _ body: (String) -> Bool) throws {
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            try #require(count > 0)
            rest += buffer[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeSubrange(...end)
                if !body(line) { return }
            }
        }
    }

    private static func lines(_ body: (Logger) -> Void) throws -> [String] {
        let file = try TemporaryLog()
        let writer = LogWriter(descriptor: file.descriptor)
        body(Logger(label: "test") { writer.handler(label: $0) })
        writer.flush()
        return try file.lines()
    }
}

/// A file without a name.
private final class TemporaryLog {
    let descriptor: Int32

    init() throws {
        var path = Array("/tmp/muster-log-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        unlink(path)
    }

    deinit { close(descriptor) }

    func lines() throws -> [String] {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        let text = String(unsafeUninitializedCapacity: size) { pread(descriptor, $0.baseAddress, size, 0) }
        return text.split(separator: "\n").map(String.init)
    }
}
