import Basics
import Client
import Glibc
import JSON
import Synchronization

/// Standard output and standard error of a command.
///
/// Output is gathered and written in large parts. A reader that leaves early, as `head` does, ends the command without a word.
final class Console: Sendable {
    /// So many bytes are gathered.
    private static let partSize = 64 << 10

    private let gathered = Mutex<[UInt8]>([])

    /// Writes text as it is.
    ///
    /// - Throws: `ClientError` of kind `usage` when standard output cannot take it.
    func write(_ text: String) throws(ClientError) { try write(Array(text.utf8)) }

    /// Writes bytes as they are.
    ///
    /// - Throws: `ClientError` of kind `usage` when standard output cannot take them.
    func write(_ bytes: [UInt8]) throws(ClientError) {
        let full = gathered.withLock { gathered -> [UInt8]? in
            gathered += bytes
            if gathered.count < Self.partSize { return nil }
            defer { gathered = [] }
            return gathered
        }
        if let full { try Self.send(full, to: STDOUT_FILENO) }
    }

    /// Writes what is gathered.
    ///
    /// - Throws: `ClientError` of kind `usage` when standard output cannot take it.
    func flush() throws(ClientError) {
        let rest = gathered.withLock { gathered in
            defer { gathered = [] }
            return gathered
        }
        try Self.send(rest, to: STDOUT_FILENO)
    }

    /// Writes a text as it is, and all that was gathered before it.
    ///
    /// - Throws: `ClientError` of kind `usage` when standard output cannot take it.
    func finish(_ text: String) throws(ClientError) {
        try write(text)
        try flush()
    }

    /// Writes a text and a line end to standard output at once.
    ///
    /// - Throws: `ClientError` of kind `usage` when standard output cannot take it.
    static func show(_ text: String) throws(ClientError) { try send(Array((text + "\n").utf8), to: STDOUT_FILENO) }

    /// Tells people something beside the output.
    static func note(_ text: String) { try? send(Array("muster: \(text)\n".utf8), to: STDERR_FILENO) }

    /// Writes an error as it is to standard error.
    static func complain(_ text: String) { try? send(Array((text + "\n").utf8), to: STDERR_FILENO) }

    /// Asks a question on standard error, where the answer is typed behind it.
    static func ask(_ text: String) { try? send(Array(text.utf8), to: STDERR_FILENO) }

    private static func send(_ bytes: [UInt8], to descriptor: Int32) throws(ClientError) {
        if !bytes.isEmpty { WaitingNote.clear() }
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                sent += count
            } else if errno == EPIPE {
                exit(0)
            } else if errno != EINTR, errno != EAGAIN {
                throw ClientError(.usage, "the output cannot be written: \(String(cString: strerror(errno)))")
            }
        }
    }
}

/// The terminal that a command runs on.
enum Terminal {
    /// Whether people read standard output.
    static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }
    /// Whether people can answer questions.
    static var isInput: Bool { isatty(STDIN_FILENO) == 1 }
    /// Whether people read standard error.
    static var isError: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether colours are wanted (no-color.org).
    static var hasColour: Bool {
        guard isOutput, getenv("NO_COLOR").map({ $0.pointee == 0 }) ?? true else { return false }
        return getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
    }

    /// How many columns a line has; nil if there is no terminal.
    static var width: Int? {
        guard isOutput else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Asks a question that is answered by yes or no; no without a terminal.
    static func confirms(_ question: String) async -> Bool {
        guard isInput else { return false }
        return await BlockingPool.shared.run {
            WaitingNote.withQuestion {
                Console.ask("\(question) [y/N] ")
                let answer = readLine(strippingNewline: true) ?? ""
                return ["y", "yes"].contains(answer.asciiLowercased)
            }
        }
    }
}
