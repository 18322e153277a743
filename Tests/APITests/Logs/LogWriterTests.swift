import Glibc
import Logging
import Testing

@testable import API

/// Lines of the log on their way to a file.
struct LogWriterTests {
    @Test func `a line has the time, the level, the label, sorted metadata, the module and the message`() throws {
        let lines = try Self.lines { logger in
            logger.info("started", metadata: ["port": "8092", "host": "a"])
        }
        #expect(lines.count == 1)
        #expect(lines[0].dropFirst(24) == " info test: host=a port=8092 [APITests] started")
        #expect(lines[0].prefix(24).wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}/) != nil)
    }

    @Test func `metadata of the logger is there too, and that of the line goes first`() throws {
        let lines = try Self.lines { logger in
            var logger = logger
            logger[metadataKey: "a"] = "logger"
            logger[metadataKey: "b"] = "logger"
            logger.info("x", metadata: ["b": "line"])
        }
        #expect(lines[0].hasSuffix(" a=logger b=line [APITests] x"))
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

    @Test func `an error is written when the call returns`() throws {
        let file = try TemporaryLog()
        let logger = Logger(label: "t") { [writer = LogWriter(descriptor: file.descriptor)] in writer.handler(label: $0)
        }
        logger.info("before")
        logger.error("broken")
        #expect(try file.lines().map { $0.split(separator: " ").last } == ["before", "broken"])
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
