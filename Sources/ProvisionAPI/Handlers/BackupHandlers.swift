import Access
import Basics
import HTTPServing
import HTTPTypes
import HummingbirdCore
import JSON
import Logging
import NIOCore
import Tracker

/// Backups of the running server: one at a time, of the state at the moment when it is asked for.
enum BackupHandlers {
    static var routes: [Route] {
        let requirement = AccessRequirement.claim(scope: "system", action: "backup")
        return [
            Route(.get, "/system/backup", requirement, stream),
            Route(.post, "/system/backup", requirement, body: .json, store),
        ]
    }

    /// The backup as it is made; with `since`, what came after another one. The client proves that it got all by the end.
    private static func stream(_ call: RequestContext) async throws -> Answer {
        guard !call.isHead else { return Answer(status: .ok, headers: [.contentType: "application/octet-stream"]) }
        let since = try call.request.query["since"].map { text throws(APIError) in try point(text, call) }
        let place = try begin(call)
        let producer = try await BackupProducer(call.tracker, since: since)
        call.audit.log(
            .notice, "a backup is made",
            ["principal": "\(call.principal?.displayed ?? "")", "revision": "\(producer.header.revision)"])
        let body = ResponseBody { writer in
            defer { withExtendedLifetime(place) {} }
            var producer = producer
            // What fails here cuts the answer off, and without its end it is no backup.
            while let chunk = try await producer.next() { try await writer.write(ByteBuffer(bytes: chunk)) }
            try await writer.finish(nil)
        }
        return Answer(
            status: .ok, headers: [.contentType: "application/octet-stream"], body: .parts(body))
    }

    /// Makes a backup in a file of the server's.
    private static func store(_ call: RequestContext) async throws -> Answer {
        let members = try call.bodyObject("backup")
        guard let name = members["target"]?.stringValue, isName(name) else {
            throw call.badRequest(
                of: "system", key: "backup",
                "Send {\"target\": NAME}, with letters, digits, dots, hyphens and underscores, "
                    + "and perhaps {\"since\": NAME} of a backup to go on from")
        }
        let base = members["since"]?.stringValue
        if let base, !isName(base) {
            throw call.badRequest(of: "system", key: "backup", "since is no name of a backup: \(base)")
        }
        let place = try begin(call)
        defer { withExtendedLifetime(place) {} }
        let folder = BackupFolder(call.services.configuration.backupFolder)
        let report = try await folder.make(name, since: base, call.tracker)
        call.audit.log(
            .notice, "a backup was made",
            [
                "principal": "\(call.principal?.displayed ?? "")", "backup": "\(name)",
                "revision": "\(report.header.revision)",
            ])
        return .json(value(of: report, name), status: .created)
    }

    private static func value(of report: BackupReport, _ name: String) -> JSONValue {
        [
            "target": .string(name), "bytes": JSONValue(report.size),
            "revision": JSONValue(Int(clamping: report.header.revision.number)),
            "start": JSONValue(Int(clamping: report.end.start.number)), "point": .string(report.point.text),
            "counts": .object(JSONObject(report.end.namedCounts.map { ($0.name, JSONValue($0.count)) })),
        ]
    }

    private static func begin(_ call: RequestContext) throws(APIError) -> BackupPlace {
        guard let place = BackupPlace(call.services.backups) else {
            throw APIError(409, "Conflict", of: "system", "A backup is being made: wait for it to end")
        }
        return place
    }

    private static func point(_ text: String, _ call: RequestContext) throws(APIError) -> BackupPoint {
        guard let point = BackupPoint(text) else {
            throw call.badRequest(
                of: "system", key: "backup", "since is no point where a backup ends: take it from `muster verify`")
        }
        return point
    }

    /// Whether `name` is one that leads nowhere else.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 200 && name.utf8.first != UInt8(ascii: ".")
            && name.utf8.allSatisfy(PercentEncoding.isUnreserved)
    }
}

/// The place of the one backup that is being made. It is given back when nobody holds it any more, also where the client has left
/// before the first byte of its answer.
private final class BackupPlace: Sendable {
    private let places: Places

    init?(_ places: Places) {
        guard places.begin() else { return nil }
        self.places = places
    }

    deinit { places.end() }
}
