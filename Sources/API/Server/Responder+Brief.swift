import Access
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import Tracker

/// Requests that are answered on the event loop of their connection.
extension Responder {
    /// What a request with this head asks; nil if it is not brief.
    ///
    /// Brief is what its route calls so, if it has no body or a short one of announced length, and needs nothing of the
    /// connection beside an answer.
    func briefInquiry(_ head: HTTPRequestHead, _ source: RequestSource) -> Inquiry? {
        guard head.version == .http1_1, let request = try? HTTPRequest(head, secure: false, splitCookie: false),
            Self.isPlain(request.headerFields)
        else { return nil }
        let inquiry = inquiry(request, source)
        return inquiry.route?.isBrief == true ? inquiry : nil
    }

    private static func isPlain(_ headers: HTTPFields) -> Bool {
        if headers.contains(where: { unusualHeaders.contains($0.name) }) { return false }
        if let connection = headers[.connection], connection.lowercased() != "keep-alive" { return false }
        guard let length = headers[.contentLength] else { return true }
        return Int(length).map { $0 <= DirectResponder.longestBody } ?? false
    }

    /// Headers that ask for waiting, streams or another protocol.
    private static let unusualHeaders: Set<HTTPField.Name> = [
        .expect, .ifNoneMatch, .prefer, .transferEncoding, .upgrade,
    ]

    /// The answer to a brief request without a body, if it takes no waiting.
    ///
    /// - Returns: nil if it is to be answered in the usual way; then nothing has been done.
    func quickAnswer(_ inquiry: Inquiry) -> Answer? {
        let headers = inquiry.head.headerFields
        guard let route = inquiry.route, let quick = route.quick, headers[.logRequest] == nil, headers[.logToken] == nil
        else { return nil }
        var visit = Visit(inquiry)
        do {
            let snapshot = services.tracker.snapshot
            guard let credentials = Credentials(headers, inquiry.path.query),
                let principal = try services.door.knownPrincipal(credentials, in: snapshot, visit.trail)
            else { return nil }
            visit.principal = principal
            let call = Call(
                inquiry: inquiry, route: route, request: Incoming(head: inquiry.head, body: Self.noBody), body: .none,
                principal: principal, snapshot: snapshot, services: services, logger: visit.logger)
            guard !call.asksForPast else { return nil }
            try admit(call)
            return try quick(call).map { finished(call.isHead ? $0.withoutBody() : $0, visit) }
        } catch {
            return finished(visit.refusal(error).answer(to: inquiry.head.method), visit)
        }
    }

    private static let noBody = RequestBody(buffer: ByteBuffer())
}
