import Basics
import Glibc
public import Logging
import Synchronization

/// Writes lines of the log to a file on a thread of its own, so that nobody who logs waits for whoever reads them.
///
/// A line looks as those of swift-log's own handler. Lines come out in the order in which they were logged. If their reader
/// is so slow that very many wait, newer ones are dropped and counted, and a line tells how many.
public final class LogWriter: Sendable {
    private struct Line: Sendable {
        let label: String
        let second: time_t
        let level: Logger.Level
        let content: LogLine.Content
        let source: String
    }

    private struct Queue {
        var lines: [Line] = []
        /// Lines dropped since that was last told.
        var dropped = 0
        /// Whether the thread looks for lines.
        var isRunning = false
        /// Whether it is writing what it took.
        var isWriting = false
    }

    /// How many lines may wait.
    static let longestQueue = 20_000
    /// Microseconds between two looks for lines: to be woken for each would cost as much as a good part of a request.
    private static let pause: UInt32 = 10_000

    private let descriptor: Int32
    private let metrics: ServerMetrics
    private let queue = Mutex(Queue())

    /// A writer to an open file.
    ///
    /// - Parameters:
    ///   - descriptor: the file; 2 is standard error.
    ///   - metrics: counts lines that are dropped.
    public init(descriptor: Int32 = 2, metrics: ServerMetrics = ServerMetrics()) {
        (self.descriptor, self.metrics) = (descriptor, metrics)
    }

    /// A handler that writes lines here.
    ///
    /// - Parameter label: the logger's label, which each line names.
    public func handler(label: String) -> any LogHandler { WritingLogHandler(label: label, writer: self) }

    /// Returns when everything that was logged before is written, or when `limit` is over. For the end of the process.
    public func flush(within limit: Duration = .seconds(10)) {
        let end = ContinuousClock.now + limit
        while queue.withLock({ !$0.lines.isEmpty || $0.isWriting || $0.dropped > 0 }), ContinuousClock.now < end {
            usleep(1000)
        }
    }

    fileprivate func append(_ level: Logger.Level, _ content: LogLine.Content, source: String, label: String) {
        let line = Line(label: label, second: Glibc.time(nil), level: level, content: content, source: source)
        let (isTaken, begins) = queue.withLock { queue in
            let isTaken = queue.lines.count < Self.longestQueue
            if isTaken { queue.lines.append(line) } else { queue.dropped += 1 }
            defer { queue.isRunning = true }
            return (isTaken, !queue.isRunning)
        }
        if !isTaken { metrics.count(.logLineDropped) }
        if begins { startThread() }
    }

    /// Without a thread, the next line tries to start one.
    private func startThread() {
        do throws(SystemThreadError) {
            try SystemThread(isBackground: true) { self.run() }.detach()
        } catch {
            queue.withLock { $0.isRunning = false }
        }
    }

    /// Writes until no lines have come for the length of a pause.
    private func run() {
        while true {
            write(take())
            queue.withLock { $0.isWriting = false }
            usleep(Self.pause)
            let isDone = queue.withLock { queue in
                queue.isRunning = !queue.lines.isEmpty || queue.dropped > 0
                return !queue.isRunning
            }
            if isDone { return }
        }
    }

    /// Takes what waits, and a line about what was dropped behind it.
    private func take() -> [Line] {
        queue.withLock { queue in
            defer { (queue.lines, queue.dropped, queue.isWriting) = ([], 0, true) }
            guard queue.dropped > 0 else { return queue.lines }
            let message: Logger.Message = "\(queue.dropped) lines of the log were dropped: whoever reads it is too slow"
            let line = Line(
                label: "muster", second: Glibc.time(nil), level: .warning, content: .text(message, [:]),
                source: "HTTPServing")
            return queue.lines + [line]
        }
    }

    private func write(_ lines: [Line]) {
        var text: [UInt8] = []
        var newest: (second: time_t, text: String) = (-1, "")
        for line in lines {
            if line.second != newest.second { newest = (line.second, Self.text(of: line.second)) }
            Self.append(line, newest.text, to: &text)
        }
        text.withUnsafeBytes { write($0) }
    }

    private static func append(_ line: Line, _ time: String, to text: inout [UInt8]) {
        for part in [time, " ", line.level.rawValue, " ", line.label, ":"] { text.append(part) }
        let message: Logger.Message
        switch line.content {
        case .request(let line):
            line.forEachField { text.append(name: $0, value: $1) }
            message = line.message
        case .text(let given, let metadata):
            for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { text.append(" \(name)=\(value)") }
            message = given
        }
        for part in [" [", line.source, "] ", message.description, "\n"] { text.append(part) }
    }

    /// The local time as `2030-12-31T23:59:59+0000`.
    private static func text(of second: time_t) -> String {
        var (second, parts) = (second, tm())
        localtime_r(&second, &parts)
        return String(unsafeUninitializedCapacity: 64) { text in
            text.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress!, 64, "%Y-%m-%dT%H:%M:%S%z", &parts) }
        }
    }

    /// Writes all of it, as fast as it is read. What cannot be written is lost: there is nobody to tell.
    private func write(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wanted, 1, -1)
            } else if errno != EINTR {
                return
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    fileprivate mutating func append(name: StaticString, value: String) {
        append(" ")
        append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        append("=")
        append(value)
    }
}

/// Gives lines to a writer, with all their metadata.
struct WritingLogHandler: LogHandler {
    let label: String
    let writer: LogWriter
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, writer: LogWriter) {
        self.label = label
        self.writer = writer
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var event = event
        event.complete(with: metadata, metadataProvider)
        writer.append(
            event.level, .text(event.message, event.metadata ?? [:]), source: event.source, label: label)
    }

    /// Does the same for a line about a request; the handler's own metadata are not added.
    func log(_ level: Logger.Level, _ line: RequestLine) {
        writer.append(level, .request(line), source: RequestLine.source, label: label)
    }
}
