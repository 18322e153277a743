import Basics
public import Logging
import Synchronization

/// The last lines of the log, for `GET /logs`.
public final class LogRing: Sendable {
    private struct State {
        /// The line with sequence number `n` is at `n % capacity`.
        var lines: [LogLine] = []
        var count = 0
    }

    /// How many lines are kept.
    public let capacity: Int
    /// The levels from which on lines are kept and passed on.
    public let levels = LogLevels()
    private let state = Mutex(State())
    private let listener = Mutex(Listener())

    /// A struct around the closure: a bare closure that goes through the generic lock comes back in one more wrapper each time.
    private struct Listener {
        var hear: (@Sendable (LogLine) -> Void)?
    }

    /// A ring of `capacity` lines.
    public init(capacity: Int = 1000) {
        precondition(capacity > 0, "a ring of \(capacity) lines keeps nothing")
        self.capacity = capacity
    }

    /// A handler that keeps lines here and passes them on.
    ///
    /// - Parameters:
    ///   - label: the logger's label, which becomes the line's service.
    ///   - sink: writes lines where people see them; it gets each with all its metadata.
    public func handler(label: String, sink: any LogHandler) -> any LogHandler {
        RingLogHandler(label: label, ring: self, sink: sink)
    }

    /// The lines kept, oldest first.
    package var lines: [LogLine] {
        state.withLock { state in
            let start = max(0, state.count - capacity)
            return (start..<state.count).map { state.lines[$0 % capacity] }
        }
    }

    /// Has `listener` told of each line from now on, in place of whoever was told before.
    package func tell(_ listener: @escaping @Sendable (LogLine) -> Void) {
        self.listener.withLock { $0.hear = listener }
    }

    /// Keeps a line, in place of the oldest if need be.
    func append(_ level: Logger.Level, _ content: LogLine.Content, service: String, file: String, number: Int) {
        let line = state.withLock { state in
            let line = LogLine(
                sequence: state.count, time: .now, service: service, level: level, file: file, line: number,
                content: content)
            if state.lines.count < capacity {
                state.lines.append(line)
            } else {
                state.lines[state.count % capacity] = line
            }
            state.count += 1
            return line
        }
        listener.withLock { $0 }.hear?(line)
    }
}

/// Keeps lines in a ring and passes them on. It alone holds the metadata, so that loggers are cheap to copy.
struct RingLogHandler: LogHandler {
    let label: String
    let ring: LogRing
    let sink: any LogHandler
    /// The level that is set while the server runs.
    private let part: LogLevels.Part
    /// The level that is set on the handler itself.
    private var own = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, ring: LogRing, sink: any LogHandler) {
        self.label = label
        self.ring = ring
        self.sink = sink
        part = ring.levels.part(label)
    }

    /// The lowest of the levels that are set.
    var logLevel: Logger.Level {
        get { part.level.map { min($0, own) } ?? own }
        set { own = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var event = event
        event.complete(with: metadata, metadataProvider)
        let content = LogLine.Content.text(event.message, event.metadata ?? [:])
        ring.append(event.level, content, service: label, file: event.file, number: Int(event.line))
        sink.log(event: event)
    }

    /// Whether lines have no metadata but their own.
    var isPlain: Bool { metadata.isEmpty && metadataProvider == nil }

    /// Does the same for a line about a request, if the handler is plain.
    func log(_ level: Logger.Level, _ line: RequestLine) {
        ring.append(
            level, .request(line), service: label, file: RequestLine.file, number: RequestLine.number)
        if let writing = sink as? WritingLogHandler {
            writing.log(level, line)
        } else {
            sink.log(
                event: LogEvent(
                    level: level, message: line.message, metadata: line.metadata, source: RequestLine.source,
                    file: RequestLine.file, function: "log", line: UInt(RequestLine.number)))
        }
    }
}
