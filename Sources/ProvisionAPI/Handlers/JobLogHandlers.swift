import Basics
import HTTPServing
import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import Provisioning
import Tracker

/// The logs of jobs: runners append to them, and whoever wants to know reads them, while they grow too (C §15.4).
enum JobLogHandlers {
    static var routes: [Route] {
        let log = AccessRequirement.claim(scope: "jobs", action: "log")
        return [
            Route(.get, "/jobs/{key}/log", log, get),
            Route(
                .put, "/jobs/{key}/log", log, body: .bytesOrStream, inputs: RouteInputs(headers: [.contentRange]),
                immediate: append),
        ]
    }

    /// The job that the path names; clients know the refusal in other words than of other objects.
    private static func job(_ call: RequestContext) throws -> StoredObject {
        guard let job = call.snapshot.resolve("jobs", call["key"]) else {
            throw APIError(422, "ValidationError", "Job \(call["key"]) does not exist")
        }
        return job
    }

    /// Appends the body; it is durable when that is answered. With `Content-Range: bytes START-END/*` it is those bytes of the
    /// log: what the log has of them already is not stored again.
    private static func append(_ call: RequestContext) throws -> Reply {
        let job = try job(call).key
        let range = try LogRange(call)
        guard case .bytes(let bytes) = call.body, let size = JobLog.knownSize(of: job, in: call.tracker) else {
            return .task { try await append(to: job, range, call) }
        }
        var room = try LogRoom(range, size, call)
        try room.take(bytes.readableBytes)
        try room.end()
        guard bytes.readableBytes > 0 else { return .answer(.noContent) }
        let request = call.trackerRequest.writing(WriteScope(["jobs"]))
        return .pending { done in
            call.tracker.commit(request, write(bytes, to: job, after: range?.start), keeping: { _ in }) { outcome in
                if case .success = outcome { call.services.logReaders.ring(job) }
                done(outcome.map { .noContent }.mapError { $0 })
            }
        }
    }

    /// Appends a body that comes bit by bit, in as many commits as it takes, or to a log whose size has to be looked up.
    private static func append(to job: ByteString, _ range: LogRange?, _ call: RequestContext) async throws -> Answer {
        var room = try LogRoom(range, try await JobLog.size(of: job, in: call.tracker), call)
        var (start, pending) = (range?.start, ByteBuffer())
        func store() async throws {
            let bytes = pending
            pending.clear()
            guard bytes.readableBytes > 0 else { return }
            let request = call.trackerRequest.writing(WriteScope(["jobs"]))
            _ = try await call.tracker.commit(request, write(bytes, to: job, after: start))
            call.services.logReaders.ring(job)
            start? += UInt64(bytes.readableBytes)
        }
        for try await var part in call.parts {
            do throws(APIError) {
                try room.take(part.readableBytes)
            } catch {
                if error.code == 413 { try await store() }
                throw error
            }
            while part.readableBytes > 0 {
                var piece = part.readSlice(length: min(part.readableBytes, JobLog.longestAppend)) ?? ByteBuffer()
                if pending.readableBytes + piece.readableBytes > JobLog.longestAppend { try await store() }
                pending.writeBuffer(&piece)
            }
        }
        try room.end()
        try await store()
        return .noContent
    }

    private static func write(
        _ bytes: ByteBuffer, to job: ByteString, after start: UInt64?
    ) -> @Sendable (inout Draft) throws(TrackerError) -> Void {
        { draft throws(TrackerError) in try draft.appendLog(bytes.readableBytesView, of: job, after: start) }
    }

    /// The log, or a range of it; with `follow=true` all of it and what comes until the job has ended.
    private static func get(_ call: RequestContext) async throws -> Answer {
        let job = try job(call).key
        let type = "application/octet-stream"
        if call.query.isSet("follow"), !call.isHead {
            return Answer(
                status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
                body: .parts(ResponseBody(asyncSequence: JobLogBytes(of: job, call))))
        }
        let size = Int(clamping: try await JobLog.size(of: job, in: call.tracker))
        let served = ServedFile(
            named: "log", size: size, etag: "\"\(job)-\(size)\"", headers: [.contentType: type]
        ) { range in
            let bytes = JobLogBytes(of: job, from: range.lowerBound, upTo: range.upperBound, call)
            return .parts(
                ResponseBody(contentLength: range.count) { writer in
                    try await writer.write(bytes)
                    try await writer.finish(nil)
                })
        }
        return try served.answer(call.request.headers, isHead: call.isHead)
    }
}

/// How much of a log is there and may come, while a body is appended to it.
private struct LogRoom {
    private let range: LogRange?
    private let call: RequestContext
    /// How many bytes the log has with what came so far.
    private var reached: UInt64

    /// - Throws: status 409 for bytes that leave a gap.
    init(_ range: LogRange?, _ size: UInt64, _ call: RequestContext) throws(APIError) {
        (self.range, self.call, reached) = (range, call, range?.start ?? size)
        guard let range, range.start > size else { return }
        let message = "The log has \(size) bytes: what begins at byte \(range.start) cannot be appended to it"
        throw APIError(409, "Conflict", of: "jobs", key: call["key"], message)
    }

    /// Counts bytes that have come.
    ///
    /// - Throws: status 400 for more than were announced, 413 for more than a log has.
    mutating func take(_ count: Int) throws(APIError) {
        reached += UInt64(count)
        if let range, reached > range.end { throw range.mismatch(call) }
        guard reached > JobLog.longest else { return }
        let message = "The log of a job has up to \(JobLog.longest) bytes; what is beyond is not kept"
        throw APIError(413, APIError.type(of: call.method), of: "jobs", key: call["key"], message)
    }

    /// All has come.
    ///
    /// - Throws: status 400 for less than was announced.
    func end() throws(APIError) {
        if let range, reached < range.end { throw range.mismatch(call) }
    }
}

/// Which bytes of a log a request brings: `Content-Range: bytes START-END/*`. Who was not answered sends the same again, and
/// they are in the log once.
private struct LogRange {
    /// How many bytes come before them.
    let start: UInt64
    /// How many there are with them.
    let end: UInt64
    private let text: String

    /// The range that a request names; nil if it names none.
    ///
    /// - Throws: status 400 for one that makes no sense.
    init?(_ call: RequestContext) throws {
        guard let text = call.request.headers.value(of: .contentRange) else { return nil }
        let numbers = text.after("bytes ")?.parts(between: "/")[0].parts(between: "-").map { UInt64($0) } ?? []
        guard numbers.count == 2, let first = numbers[0], let last = numbers[1], first <= last, last < .max else {
            throw call.badRequest(
                of: "jobs", "Content-Range must be `bytes START-END/*` with the first and the last byte, not `\(text)`")
        }
        (start, end, self.text) = (first, last + 1, text)
    }

    /// The refusal of a body of another length.
    func mismatch(_ call: RequestContext) -> APIError {
        call.badRequest(of: "jobs", "The body is not as long as Content-Range says: `\(text)`")
    }
}
