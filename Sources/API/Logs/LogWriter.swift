import Dispatch
import Glibc
public import Logging
import Synchronization

/// Writes lines of the log to a file on a thread of its own, so that no request waits for whoever reads them.
///
/// A line looks as those of swift-log's own handler. Lines come out in the order in which they were logged; whoever logs an
/// error, or logs while very many lines wait, waits until all of them are out.
public final class LogWriter: Sendable {
    private struct Line: Sendable {
        let label: String
        let second: time_t
        let event: LogEvent
    }

    private struct Queue {
        var lines: [Line] = []
        var isWriting = false
    }

    /// How many lines may wait.
    private static let longestQueue = 10_000
    /// Microseconds between two looks for lines: to be woken for each would cost as much as a good part of a request.
    private static let pause: UInt32 = 10_000

    private let descriptor: Int32
    private let queue = Mutex(Queue())
    /// Held by whoever writes, so that lines stay in order.
    private let output = Mutex(())
    private let thread = DispatchQueue(label: "muster.log", qos: .utility)

    /// A writer to an open file; 2 is standard error.
    public init(descriptor: Int32 = 2) { self.descriptor = descriptor }

    /// A handler that writes lines here.
    ///
    /// - Parameter label: the logger's label, which each line names.
    public func handler(label: String) -> any LogHandler { WritingLogHandler(label: label, writer: self) }

    /// Returns when everything that was logged before is written.
    public func flush() {
        output.withLock { _ in
            let lines = queue.withLock { queue in
                defer { queue.lines = [] }
                return queue.lines
            }
            var text = ""
            var newest: (second: time_t, text: String) = (-1, "")
            for line in lines {
                if line.second != newest.second { newest = (line.second, Self.text(of: line.second)) }
                Self.append(line, newest.text, to: &text)
            }
            text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
        }
    }

    fileprivate func append(_ event: LogEvent, label: String) {
        let line = Line(label: label, second: Glibc.time(nil), event: event)
        let (count, begins) = queue.withLock { queue in
            queue.lines.append(line)
            defer { queue.isWriting = true }
            return (queue.lines.count, !queue.isWriting)
        }
        if event.level >= .error || count > Self.longestQueue {
            flush()
        } else if begins {
            thread.async { self.run() }
        }
    }

    /// Writes until no lines have come for the length of a pause.
    private func run() {
        while true {
            flush()
            usleep(Self.pause)
            let isDone = queue.withLock { queue in
                queue.isWriting = !queue.lines.isEmpty
                return !queue.isWriting
            }
            if isDone { return }
        }
    }

    private static func append(_ line: Line, _ time: String, to text: inout String) {
        let event = line.event
        text += "\(time) \(event.level) \(line.label):"
        if let line = RequestLine(only: event.metadata) {
            for (name, value) in line.fields { append(name, value, to: &text) }
        } else {
            for (name, value) in (event.metadata ?? [:]).spelledOut.sorted(by: { $0.key < $1.key }) {
                append(name, value.description, to: &text)
            }
        }
        text += " [\(event.source)] \(event.message)\n"
    }

    private static func append(_ name: String, _ value: String, to text: inout String) {
        text += " "
        text += name
        text += "="
        text += value
    }

    /// The local time as `2030-12-31T23:59:59+0000`.
    private static func text(of second: time_t) -> String {
        var (second, parts) = (second, tm())
        localtime_r(&second, &parts)
        return String(unsafeUninitializedCapacity: 64) { text in
            text.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress!, 64, "%Y-%m-%dT%H:%M:%S%z", &parts) }
        }
    }

    /// Writes all of it. What cannot be written is lost: there is nobody to tell.
    private func write(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// Gives lines to a writer, with all their metadata.
private struct WritingLogHandler: LogHandler {
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
        writer.append(event, label: label)
    }
}
