import Access
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Tracker

/// Requests that are answered on the event loop of their connection.
extension Responder {
    /// What a request with this head asks; nil if it is not brief.
    ///
    /// Brief is what its route calls so, if it has no body or a short one of announced length, and needs nothing of the
    /// connection beside an answer.
    ///
    /// - Parameter reader: the reader of the connection's heads.
    func briefInquiry(_ head: HTTPRequestHead, _ source: RequestSource, _ reader: inout HeadReader) -> RoutedRequest? {
        guard let reading = reader.read(head) else { return nil }
        let inquiry = inquiry(reading.request, source, credentials: reading.credentials)
        return inquiry.route?.isBrief == true ? inquiry : nil
    }

    /// How a request is answered without a task.
    enum QuickAnswer {
        /// By this.
        case now(Answer)
        /// By what is told when a write is durable.
        case later
        /// Not at all; nothing has been done.
        case not
    }

    /// Answers a brief request without a task, if that can be: a read that need not wait, or a write of one object.
    ///
    /// - Parameters:
    ///   - bytes: the request's body.
    ///   - done: told of the answer on the connection's event loop, if it comes later; of nil if a task is needed after all.
    func quickAnswer(
        _ inquiry: RoutedRequest, _ bytes: ByteBuffer, then done: @escaping @Sendable (Answer?) -> Void
    ) -> QuickAnswer {
        guard let route = inquiry.route, route.quick != nil || route.write != nil, isQuick(inquiry),
            bytes.readableBytes <= services.configuration.bodyLimit
        else { return .not }
        var visit = RequestLogContext(inquiry)
        do {
            let snapshot = services.tracker.snapshot
            guard
                let credentials = inquiry.credentials
                    ?? Credentials(inquiry.head.headerFields, inquiry.path.query),
                let principal = try services.door.knownPrincipal(credentials, in: snapshot, visit.trail)
            else { return .not }
            visit.principal = principal
            let body = route.write == nil ? Body.none : try BodyReader.body(of: inquiry.head, bytes, as: route.body)
            let call = RequestContext(
                inquiry: inquiry, route: route, request: ServerRequest(head: inquiry.head, body: Self.noBody), body: body,
                principal: principal, snapshot: snapshot, services: services, logger: visit.logger)
            if let quick = route.quick {
                guard !call.asksForPast else { return .not }
                try call.authorize()
                guard let answer = try quick(call) else { return .not }
                return .now(finished(call.isHead ? answer.withoutBody() : answer, visit))
            }
            guard let write = route.write else { return .not }
            try call.authorize()
            begin(try write(call), call, visit, done)
            return .later
        } catch {
            return .now(finished(refusal(error, visit), visit))
        }
    }

    /// Whether the head asks for nothing beside the plain answer.
    private func isQuick(_ inquiry: RoutedRequest) -> Bool {
        let headers = inquiry.head.headerFields
        if headers.has(.logRequest) || headers.has(.logToken) { return false }
        return inquiry.route?.write == nil || inquiry.path.query == nil && !headers.has(.idempotencyKey)
    }

    private func begin(
        _ write: ObjectWrite, _ call: RequestContext, _ visit: RequestLogContext, _ done: @escaping @Sendable (Answer?) -> Void
    ) {
        let loop = visit.inquiry.source.channel.eventLoop
        services.tracker.change(write.prefix, call.trackerRequest, write.body) { outcome in
            loop.execute {
                switch outcome {
                case .success(let object)?: done(finished(write.answer(object).answer, visit))
                case .failure(let error)?: done(finished(refusal(error, visit), visit))
                case nil: done(nil)
                }
            }
        }
    }

    private static let noBody = RequestBody(buffer: ByteBuffer())
}
