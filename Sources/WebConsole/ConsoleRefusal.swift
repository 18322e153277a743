import Access
import Basics
import HTTPServing
import HTTPTypes
import Logging
import Tracker

/// Why a browser gets no page, as a page.
enum ConsoleRefusal: Error {
    /// Nobody is logged in; after the login the browser goes on to the path.
    case unknown(String)
    /// A page with a status and a sentence.
    case refused(Int, [String])
    /// It is our fault; the log says more under this request's id.
    case defect(String)

    init(_ error: any Error, _ request: ServerRequest?, _ logger: Logger) {
        switch error {
        case let refusal as ConsoleRefusal: self = refusal
        case let error as HTTPError: self = .refused(error.status, error.messages)
        case let error as AccessError: self = .refused(error.code == .denied ? 403 : 401, error.messages)
        case let error as TrackerError where error.code != .internalFault:
            self = .refused(Self.status(error.code), error.messages)
        default:
            AuditLog(logger: logger, id: request?.id, address: request?.address).log(
                .error, "a page failed for no fault of the browser", ["cause": "\(error)"])
            self = .defect(request?.id.description ?? "")
        }
    }

    func answer(_ title: String) -> Answer {
        switch self {
        case .unknown(let target): .seeOther("/ui/login?next=\(PercentEncoding.encodedArgument(target))")
        case .refused(let status, let messages):
            .page(PageFrame(title: title).page("Refused", Self.list(messages)), status: .init(code: status))
        case .defect(let id):
            .page(
                PageFrame(title: title).page(
                    "Our fault", "<p>The server failed. Its log says why: look for the request <code>\(id)</code>.</p>"),
                status: .internalServerError)
        }
    }

    private static func list(_ messages: [String]) -> HTML {
        let items: [HTML] = messages.filter { !$0.isEmpty }.map { "<li>\($0)</li>" }
        return "<ul class=\"refusal\">\(items)</ul>"
    }

    private static func status(_ code: TrackerError.Code) -> Int {
        switch code {
        case .notFound, .hidden: 404
        case .denied: 403
        case .overBudget, .unavailable: 503
        default: 400
        }
    }
}

extension PercentEncoding {
    /// A text as the value of an argument in a query.
    static func encodedArgument(_ text: String) -> String { encode(text.utf8, keeping: isUnreserved) }
}
