import Access
import HTTPServing
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
    func briefRequest(_ head: HTTPRequestHead, _ source: RequestSource, _ reader: inout HeadReader) -> RoutedRequest? {
        guard let reading = reader.read(head) else { return nil }
        let routed = routed(reading.request, source, credentials: reading.credentials)
        return routed.route?.isBrief == true ? routed : nil
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
    ///   - done: told of the answer on the connection's event loop, if it comes later.
    func quickAnswer(
        _ routed: RoutedRequest, _ bytes: ByteBuffer, then done: @escaping @Sendable (Answer) -> Void
    ) -> QuickAnswer {
        guard let route = routed.route, route.quick != nil || route.write != nil, isQuick(routed),
            bytes.readableBytes <= services.configuration.bodyLimit
        else { return .not }
        var logContext = RequestLogContext(routed)
        do {
            let snapshot = services.tracker.snapshot
            guard
                let credentials = routed.credentials
                    ?? Credentials(routed.head.headerFields, routed.path.query),
                let principal = try services.requestAuthenticator.knownPrincipal(
                    credentials, in: snapshot, logContext.audit)
            else { return .not }
            logContext.principal = principal
            let body = route.write == nil ? Body.none : try BodyReader.body(of: routed.head, bytes, as: route.body)
            let call = RequestContext(
                routed: routed, route: route, request: ServerRequest(head: routed.head, body: Self.noBody), body: body,
                principal: principal, snapshot: snapshot, services: services, logger: logContext.logger)
            if let quick = route.quick {
                guard !call.asksForPast else { return .not }
                try call.authorize()
                guard let answer = try quick(call) else { return .not }
                return .now(finished(call.isHead ? answer.withoutBody() : answer, logContext))
            }
            guard let write = route.write else { return .not }
            try call.authorize()
            begin(try write(call), call, logContext, done)
            return .later
        } catch {
            return .now(finished(refusal(error, logContext), logContext))
        }
    }

    /// Whether the head asks for nothing beside the plain answer.
    private func isQuick(_ routed: RoutedRequest) -> Bool {
        let headers = routed.head.headerFields
        if headers.has(.logRequest) || headers.has(.logToken) { return false }
        return routed.route?.write == nil || routed.path.query == nil && !headers.has(.idempotencyKey)
    }

    private func begin(
        _ write: ObjectWrite, _ call: RequestContext, _ logContext: RequestLogContext,
        _ done: @escaping @Sendable (Answer) -> Void
    ) {
        let loop = logContext.routed.source.channel.eventLoop
        services.tracker.commit(call.trackerRequest, write.body, keeping: write.changed) { outcome in
            loop.execute {
                switch outcome {
                case .success(let object): done(finished(write.answer(object).answer, logContext))
                case .failure(let error): done(finished(refusal(error, logContext), logContext))
                }
            }
        }
    }

    private static let noBody = RequestBody(buffer: ByteBuffer())
}
