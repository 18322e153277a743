import HTTPTypes
import Logging

/// What all answers go through on their way out.
extension RequestPipeline {
    package func refusal(_ error: HTTPError) -> Answer {
        var answer = facade.errors(error, nil, terms.logger)
        answer.headers[.connection] = "close"
        return answer
    }

    /// The answer for an outcome.
    func concluded(_ result: Result<Answer, any Error>, _ request: ServerRequest, _ session: Session) -> Answer {
        switch result {
        case .success(let answer): finished(answer, request, session)
        case .failure(let error): refused(error, request, session)
        }
    }

    /// The answer that tells the client of an error.
    func refused(_ error: any Error, _ request: ServerRequest, _ session: Session?) -> Answer {
        finished(facade.errors(error, request, session?.logger ?? request.source.logger), request, session)
    }

    /// The answer with what all answers have, counted and logged; its memory is counted until it is sent.
    func finished(_ answer: Answer, _ request: ServerRequest, _ session: Session?) -> Answer {
        var answer = bounded(request.method == .head ? answer.withoutBody() : answer, request, session)
        answer.headers[.date] = HTTPDate.now
        let route = request.route.map { facade.routes.current.routes[$0] }
        (route?.headers ?? facade.headers).apply(to: &answer.headers)
        guard facade.isLogged else { return answer }
        answer.headers[.requestID] = request.id.description
        terms.metrics.count(status: answer.status.code)
        if answer.isDenied { terms.metrics.countDenied() }
        log(answer, request, session)
        return answer
    }

    private func bounded(_ answer: Answer, _ request: ServerRequest, _ session: Session?) -> Answer {
        do {
            return try terms.answerBudget.counted(answer, isRead: request.method == .get || request.method == .head)
        } catch {
            return facade.errors(error, request, session?.logger ?? request.source.logger)
        }
    }

    /// Logs the request: reads that went well for those who look closely, everything else for all.
    private func log(_ answer: Answer, _ request: ServerRequest, _ session: Session?) {
        let isRead = request.method == .get || request.method == .head
        let level: Logger.Level =
            switch answer.status.code {
            case 500...: .error
            case 400...: .info
            default: isRead ? .debug : .info
            }
        let logger = session?.logger ?? request.source.logger
        guard level >= logger.logLevel else { return }
        let line = RequestLine(
            id: request.id, address: request.address, principal: session?.caller ?? "-",
            method: request.method.rawValue,
            path: Self.shown(request.path.path), status: answer.status.code, isDenied: answer.isDenied,
            duration: request.start.duration(to: .now))
        logger.log(level, line)
    }

    /// A path as far as the log shows it, which keeps many.
    private static func shown(_ path: String) -> String {
        path.utf8.count <= longestPath ? path : String(decoding: path.utf8.prefix(longestPath), as: UTF8.self) + "…"
    }

    private static var longestPath: Int { 512 }
}
