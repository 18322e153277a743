import Basics
import CProcess
import Glibc

/// One run of a program, from its start to its end, on the thread that asks for it.
struct ProgramRun: ~Copyable {
    /// The process, which leads a group of its own.
    let process: pid_t
    private let output: Int32
    private let errors: Int32
    private let ending: Int32

    /// Where a program writes.
    enum Stream: Sendable { case output, errors }

    /// How often is read on after the program has ended: others whom it has started may have its output too.
    private static let mostReadsAfterEnd = 256

    /// Starts a program.
    ///
    /// - Throws: why it cannot be run.
    init(_ launch: ProgramLaunch) throws(ProgramError) {
        guard let first = Pipe() else { throw ProgramError(cannotRun: launch.path) }
        guard let second = Pipe() else {
            first.closeBoth()
            throw ProgramError(cannotRun: launch.path)
        }
        defer {
            close(first.writing)
            close(second.writing)
        }
        do throws(ProgramError) {
            process = try launch.start(output: first.writing, errors: second.writing)
        } catch {
            close(first.reading)
            close(second.reading)
            throw error
        }
        (output, errors) = (first.reading, second.reading)
        ending = muster_process_descriptor(process)
    }

    deinit {
        for descriptor in [output, errors, ending] where descriptor >= 0 { close(descriptor) }
    }

    /// Reads what the program writes until it ends; then ends all that is left of its group. It blocks.
    ///
    /// - Parameters:
    ///   - deadline: when it is killed if it has not ended; nil for never.
    ///   - read: told what it writes.
    ///   - ended: told that it has ended, before its process id may be given to another.
    /// - Returns: how it ended; nil if it was killed for its time.
    func finish(
        by deadline: ContinuousClock.Instant? = nil, read: (Stream, UnsafeRawBufferPointer) -> Void,
        ended: () -> Void = {}
    ) -> ProgramExit? {
        var isLate = false
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)
        defer { buffer.deallocate() }
        var waited = [output, errors, ending].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var readsAfterEnd = 0
        while readsAfterEnd < Self.mostReadsAfterEnd {
            let ready = poll(&waited, nfds_t(waited.count), Self.patience(until: deadline))
            if ready < 0, errno == EINTR { continue }
            if ready <= 0 || deadline.map({ $0 < .now }) == true {
                isLate = true
                break
            }
            if waited[2].revents != 0 { readsAfterEnd += 1 }
            // What was written before the end is read before it.
            for (position, stream) in [Stream.output, .errors].enumerated() where waited[position].revents != 0 {
                if !Self.take(from: waited[position].fd, buffer, stream, read) { waited[position].fd = -1 }
            }
            if waited[2].revents != 0, waited[0].revents == 0, waited[1].revents == 0 { break }
            // Without a descriptor for the process, its end is that of what it writes.
            if ending < 0, waited[0].fd < 0, waited[1].fd < 0 { break }
        }
        if isLate { kill(-process, SIGKILL) }
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) < 0 { if errno != EINTR { break } }
        ended()
        // What it has started itself goes with it.
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { if errno != EINTR { return nil } }
        return isLate ? nil : ProgramExit(waitStatus: status)
    }

    /// - Returns: whether there may be more.
    private static func take(
        from descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ stream: Stream,
        _ read: (Stream, UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0 { return errno == EINTR || errno == EAGAIN }
        guard count > 0 else { return false }
        read(stream, UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return true
    }

    /// Milliseconds, as `poll` wants them.
    private static func patience(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = ContinuousClock.now.duration(to: deadline)
        return left <= .zero ? 0 : Int32(clamping: left.components.seconds * 1_000 + 1_000)
    }
}

/// The two ends of a pipe; no other program inherits them.
private struct Pipe {
    let reading: Int32
    let writing: Int32

    /// Nil if there can be none; then `errno` says why.
    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    func closeBoth() {
        close(reading)
        close(writing)
    }
}

extension ProgramLaunch {
    /// Runs the program for its answer. It blocks.
    ///
    /// - Parameters:
    ///   - time: how long it may take.
    ///   - most: how many bytes it may answer.
    /// - Returns: what it wrote to standard output.
    /// - Throws: why it cannot be run, or the last line of what it says is wrong.
    func answer(within time: Duration, most: Int) throws(ProgramError) -> [UInt8] {
        let run = try ProgramRun(self)
        var (output, errors) = ([UInt8](), [UInt8]())
        let exit = run.finish(by: .now + time) { stream, bytes in
            switch stream {
            case .output: if output.count <= most { output += bytes }
            case .errors: errors = Array((errors + bytes).suffix(2_000))
            }
        }
        let complaint = String(decoding: errors, as: UTF8.self).parts(between: "\n").last { !$0.isEmpty } ?? ""
        let asked = arguments.first ?? ""
        guard let exit else { throw ProgramError("`\(asked)` took longer than \(time.components.seconds) seconds") }
        guard exit == .status(0) else {
            throw ProgramError("`\(asked)` \(exit)" + (complaint.isEmpty ? "" : ": \(complaint)"))
        }
        guard output.count <= most else { throw ProgramError("`\(asked)` wrote more than \(most) bytes") }
        return output
    }
}
