import Basics
import HTTPServing
import NIOCore
import Provisioning
import ServiceLifecycle
import Tracker

/// A part of the log of a job as it is sent; without an end, also what comes until the job has ended, or client or server leave.
struct JobLogBytes: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private let job: ByteString
    private let start: UInt64
    private let end: UInt64?
    private let call: RequestContext

    /// The log from the byte `start` to that before `end`, or without one.
    init(of job: ByteString, from start: Int = 0, upTo end: Int? = nil, _ call: RequestContext) {
        (self.job, self.start, self.end, self.call) = (job, UInt64(start), end.map { UInt64($0) }, call)
    }

    func makeAsyncIterator() -> Iterator { Iterator(job, start, end, call) }

    struct Iterator: AsyncIteratorProtocol {
        private let job: ByteString
        private var offset: UInt64
        private let end: UInt64?
        private let call: RequestContext
        private let reader: LogReaders.Reader

        fileprivate init(_ job: ByteString, _ start: UInt64, _ end: UInt64?, _ call: RequestContext) {
            (self.job, offset, self.end, self.call) = (job, start, end, call)
            reader = call.services.logReaders.reader(of: job)
        }

        mutating func next() async throws -> ByteBuffer? {
            while call.channel.isActive {
                // What came before the end is there once the end is seen.
                let isOver = JobLog.isOver(job, in: call.tracker.snapshot)
                if let bytes = try await more() { return bytes }
                if isOver || end != nil || Task.isShuttingDownGracefully { return nil }
                _ = try? await call.whileClientStays { [reader, environment = call.tracker.environment] in
                    await reader.wait(upTo: .seconds(1), by: environment)
                }
            }
            return nil
        }

        /// What there is of the log beyond what was sent.
        private mutating func more() async throws -> ByteBuffer? {
            let rest = end.map { Int(clamping: $0 - offset) } ?? .max
            guard rest > 0 else { return nil }
            let bytes = try await JobLog.bytes(of: job, from: offset, in: call.tracker).prefix(rest)
            guard !bytes.isEmpty else {
                // What was there is gone: so is the job.
                if end != nil { throw TrackerError.notFound("jobs", job.string) }
                return nil
            }
            offset += UInt64(bytes.count)
            return ByteBuffer(bytes: bytes)
        }
    }
}
