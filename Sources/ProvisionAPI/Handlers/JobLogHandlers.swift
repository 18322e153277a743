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
                .put, "/jobs/{key}/log", log, body: .streamed, inputs: RouteInputs(headers: [.contentRange]), append),
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
    private static func append(_ call: RequestContext) async throws -> Answer {
        let job = try job(call).key
        let size = try await JobLog.size(of: job, in: call.tracker)
        let range = try LogRange(call)
        if let range, range.start > size {
            let message = "The log has \(size) bytes: what begins at byte \(range.start) cannot be appended to it"
            throw APIError(409, "Conflict", of: "jobs", key: call["key"], message)
        }
        var (end, start) = (range?.start ?? size, range?.start)
        var pending = ByteBuffer()
        func store() async throws {
            let bytes = pending
            pending.clear()
            try await append(bytes, to: job, after: start, call)
            start? += UInt64(bytes.readableBytes)
        }
        for try await var part in call.stream {
            end += UInt64(part.readableBytes)
            if let range, end > range.end { throw range.mismatch(call) }
            guard end <= JobLog.longest else {
                try await store()
                let message = "The log of a job has up to \(JobLog.longest) bytes; what is beyond is not kept"
                throw APIError(413, APIError.type(of: call.method), of: "jobs", key: call["key"], message)
            }
            while part.readableBytes > 0 {
                var piece = part.readSlice(length: min(part.readableBytes, JobLog.longestAppend)) ?? ByteBuffer()
                if pending.readableBytes + piece.readableBytes > JobLog.longestAppend { try await store() }
                pending.writeBuffer(&piece)
            }
        }
        if let range, end < range.end { throw range.mismatch(call) }
        try await store()
        return .noContent
    }

    private static func append(
        _ bytes: ByteBuffer, to job: ByteString, after start: UInt64?, _ call: RequestContext
    ) async throws {
        guard bytes.readableBytes > 0 else { return }
        let request = call.trackerRequest.writing(WriteScope(["jobs"]))
        _ = try await call.tracker.commit(request) { draft throws(TrackerError) in
            try draft.appendLog(bytes.readableBytesView, of: job, after: start)
        }
        call.services.logReaders.ring(job)
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
