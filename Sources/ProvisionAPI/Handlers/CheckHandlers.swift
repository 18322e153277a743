import HTTPServing
import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import Tracker

/// The server's examination of itself. Those who may exchange the system may have it examined: the actions of the scope
/// `system` are fixed (C §11.3), and there is none that fits better.
///
/// It takes seconds for a million objects, so whoever asks hears that it goes on. With `Accept: application/x-ndjson` each line
/// of the answer is JSON: lines `{"progress": …}` and, as the last one, the report. Otherwise the report is all of the answer, but
/// for line ends before it while it is awaited, which JSON allows.
enum CheckHandlers {
    static var routes: [Route] { [Route(.get, "/system/check", .claim(scope: "system", action: "upgrade"), check)] }

    private static let lines = "application/x-ndjson"
    /// How long a report may take without a sign of life before it.
    private static let patience = Duration.seconds(2)

    /// Compares tables, indexes, layers, store and history while everything goes on; one at a time, and only as long as the
    /// client stays.
    private static func check(_ call: RequestContext) async throws -> Answer {
        guard !call.isHead else { return .json(.none) }
        let wantsLines = call.request.headers[.accept]?.contains(lines) ?? false
        guard call.services.checking.begin() else {
            throw APIError(409, "Conflict", of: "system", "A check is going on: wait for it to end")
        }
        let check = RunningCheck(for: call, quietFor: wantsLines ? .zero : patience)
        guard let first = await check.nextProgress() else { return .json(try await check.report()) }
        let body = ResponseBody { writer in
            try await writer.write(Self.sign(first, wantsLines))
            while let progress = await check.nextProgress() { try await writer.write(Self.sign(progress, wantsLines)) }
            try await writer.write(Self.line(await outcome(of: check)))
            try await writer.finish(nil)
        }
        var answer = Answer.json(.parts(body))
        if wantsLines { answer.headers[.contentType] = lines }
        return answer
    }

    /// What a client gets to see while the check goes on.
    private static func sign(_ progress: JSONValue, _ wantsLines: Bool) -> ByteBuffer {
        wantsLines ? line(["progress": progress]) : ByteBuffer(string: "\n")
    }

    private static func line(_ value: JSONValue) -> ByteBuffer { ByteBuffer(bytes: value.canonicalBytes() + [0x0A]) }

    /// The report, or why there is none: the status of the answer has been sent already.
    private static func outcome(of check: RunningCheck) async -> JSONValue {
        do {
            return try await check.report()
        } catch {
            let messages = (error as? TrackerError)?.messages ?? ["The check failed"]
            return ["status": "failed", "messages": JSONValue(messages)]
        }
    }
}
