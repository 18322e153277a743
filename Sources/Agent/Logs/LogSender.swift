import Basics
import Client
import Logging

/// Sends the output of a task to the log of its job: what came within a second at once, in parts that say which bytes they are,
/// so that one which is sent again is stored once.
actor LogSender {
    private let job: JobConnection
    private let spool: OutputSpool
    private let logger: Logger
    /// How many bytes the log had before the output; nil before it was looked.
    private var base: Int?
    /// Whether the server takes no more.
    private var isClosed = false
    /// Whether a part is on its way: an actor lets others in meanwhile.
    private var isSending = false

    init(_ job: JobConnection, _ spool: OutputSpool, logger: Logger) {
        (self.job, self.spool, self.logger) = (job, spool, logger)
    }

    /// Sends what comes, until the task is cancelled.
    ///
    /// - Throws: `ClientError` when the server cannot be asked any more.
    func run() async throws(ClientError) {
        while !Task.isCancelled {
            try await drain()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Sends all that waits.
    ///
    /// - Throws: `ClientError` when the server cannot be asked any more.
    func drain() async throws(ClientError) {
        precondition(!isSending, "the log of a job has one sender at a time")
        isSending = true
        defer { isSending = false }
        while true {
            let (start, bytes) = await BlockingPool.shared.run { [spool] in spool.next() }
            guard !bytes.isEmpty else { return }
            if !isClosed { try await send(bytes, at: start) }
            spool.acknowledge(bytes.count)
        }
    }

    private func send(_ bytes: [UInt8], at start: Int) async throws(ClientError) {
        if base == nil { base = try await job.logSize() - start }
        while let known = base {
            switch try await job.append(bytes, at: known + start) {
            case .stored: return
            // The server was set back to an earlier state; what it lost is lost.
            case .gap(let size) where size < known + start: base = size - start
            case .gap: return
            case .refused(let reason):
                logger.error(
                    "the server takes no more output", metadata: ["job": "\(job.uuid)", "cause": "\(reason)"])
                isClosed = true
                return
            }
        }
    }
}
