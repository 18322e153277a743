import Access
import HTTPServing
import HTTPTypes
import Logging
import Tracker

/// What is noted of a request while it is answered, for errors and the log.
struct RequestLogContext {
    let routed: RoutedRequest
    private(set) var logger: Logger
    /// Who asks, once that is known.
    var principal: Principal?

    init(_ routed: RoutedRequest) {
        self.routed = routed
        logger = routed.source.logger
    }

    private var method: HTTPRequest.Method { routed.head.method }

    /// Where lines of the log about the request go.
    var audit: AuditLog { AuditLog(logger: logger, id: routed.id, address: routed.address) }

    /// Raises the log's level for this one request, and logs a text, if the client asks for it (C §2).
    mutating func applyLogHeaders(_ headers: HTTPFields) {
        if let level = headers[.logRequest].flatMap(Logger.Level.init(wireName:)) { logger.logLevel = level }
        if let token = headers[.logToken] {
            audit.log(.error, "\(AuditLog.printable(token))", ["principal": "\(principal?.displayed ?? "")"])
        }
    }

    /// What the client is told of an error. The cause of a defect goes to the log, not to the client.
    func refusal(_ error: any Error) -> APIError {
        switch error {
        case let error as APIError: return error
        case let error as TrackerError where error.code == .internalFault: return defect(error)
        case let error as TrackerError: return APIError(error, to: method)
        case let error as AccessError: return APIError(error, to: method)
        default: return defect(error)
        }
    }

    private func defect(_ error: any Error) -> APIError {
        audit.log(.error, "a request failed for no fault of the client", ["cause": "\(error)"])
        return APIError.defect(method, routed.path.path, id: routed.id)
    }

    /// A path as far as the log shows it, which keeps many.
    private static func shown(_ path: String) -> String {
        path.utf8.count <= longestPath ? path : String(decoding: path.utf8.prefix(longestPath), as: UTF8.self) + "…"
    }

    private static let longestPath = 512

    /// Logs the request: reads that went well for those who look closely, everything else for all.
    func log(_ answer: Answer) {
        let isRead = method == .get || method == .head
        let level: Logger.Level =
            switch answer.status.code {
            case 500...: .error
            case 400...: .info
            default: isRead ? .debug : .info
            }
        guard level >= logger.logLevel else { return }
        let line = RequestLine(
            id: routed.id, address: routed.address, principal: principal?.displayed ?? "-",
            method: method.rawValue, path: Self.shown(routed.path.path), status: answer.status.code,
            isDenied: answer.isDenied, duration: routed.start.duration(to: .now))
        logger.log(level, line)
    }
}
