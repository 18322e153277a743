public import Logging
import Synchronization
import Tracker

/// The last lines of the log, for `GET /logs`.
public final class LogRing: Sendable {
    private struct State {
        /// The line with sequence number `n` is at `n % capacity`.
        var lines: [LogLine] = []
        var count = 0
    }

    /// How many lines are kept.
    public let capacity: Int
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
    var lines: [LogLine] {
        state.withLock { state in
            let start = max(0, state.count - capacity)
            return (start..<state.count).map { state.lines[$0 % capacity] }
        }
    }

    /// Has `listener` told of each line from now on, in place of whoever was told before.
    func tell(_ listener: @escaping @Sendable (LogLine) -> Void) { self.listener.withLock { $0.hear = listener } }

    /// Keeps a line, in place of the oldest if need be.
    func append(_ event: LogEvent, service: String) {
        let message = event.message.description
        let line = state.withLock { state in
            let line = LogLine(
                sequence: state.count, time: .now, service: service, level: event.level, file: event.file,
                line: Int(event.line), message: message, metadata: event.metadata ?? [:])
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
private struct RingLogHandler: LogHandler {
    let label: String
    let ring: LogRing
    let sink: any LogHandler
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, ring: LogRing, sink: any LogHandler) {
        self.label = label
        self.ring = ring
        self.sink = sink
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var event = event
        event.complete(with: metadata, metadataProvider)
        ring.append(event, service: label)
        sink.log(event: event)
    }
}
