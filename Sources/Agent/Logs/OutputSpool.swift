import Basics
import Glibc

/// The output of a task that the server does not have yet, in a file. Its calls block.
///
/// When the file is full because the server is away, further output is dropped, and a line in the log tells how much that was.
/// So a task goes on without the server, and takes no more of the machine than that.
final class OutputSpool: Sendable {
    /// How many bytes wait at the most.
    static let capacity = 16 << 20
    /// How many bytes are sent at once.
    static let portion = 64 << 10

    private let descriptor: Int32
    private let backlog: Monitor<OutputBacklog>

    /// A spool in a new file; nil if it cannot be made, and then `errno` says why.
    init?(_ path: String, capacity: Int = OutputSpool.capacity) {
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        backlog = Monitor(OutputBacklog(capacity: capacity))
        if descriptor < 0 { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// How many bytes wait.
    var waiting: Int { backlog.withLock { $0.waiting } }

    /// Takes output in, as far as there is room.
    func append(_ bytes: UnsafeRawBufferPointer) {
        backlog.withLock { backlog in
            tellDropped(&backlog)
            write(bytes, &backlog)
        }
    }

    /// Takes a text in.
    func append(_ text: String) { text.withUTF8Bytes { append($0) } }

    /// What waits first: the number of its first byte, and up to `portion` bytes; none if nothing waits.
    func next() -> (start: Int, bytes: [UInt8]) {
        backlog.withLock { backlog in
            tellDropped(&backlog)
            let (start, places) = backlog.next(atMost: Self.portion)
            return (start, places.flatMap(read))
        }
    }

    /// Forgets the first `count` bytes that wait.
    func acknowledge(_ count: Int) { backlog.withLock { $0.acknowledge(count) } }

    private func tellDropped(_ backlog: inout OutputBacklog) {
        guard let count = backlog.takeDropped(roomFor: 256) else { return }
        let text = "\nmuster-agent: \(count) bytes of output are missing here: the server did not take them in time\n"
        text.withUTF8Bytes { write($0, &backlog) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, _ backlog: inout OutputBacklog) {
        var position = 0
        for place in backlog.add(bytes.count) {
            let part = UnsafeRawBufferPointer(rebasing: bytes[position..<(position + place.count)])
            position += place.count
            var written = 0
            while written < part.count {
                let count = pwrite(
                    descriptor, part.baseAddress! + written, part.count - written, off_t(place.offset + written))
                if count < 0, errno == EINTR { continue }
                // On a full disk those bytes read as zeros.
                if count <= 0 { break }
                written += count
            }
        }
    }

    private func read(_ place: OutputBacklog.Place) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: place.count)
        var filled = 0
        while filled < place.count {
            let count = bytes[filled...].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, off_t(place.offset + filled))
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            filled += count
        }
        return bytes
    }
}
