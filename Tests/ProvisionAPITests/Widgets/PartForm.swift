import HTTPServing
import HTTPTypes
import JSON
import Logging
import Tracker

/// How clients of widgets see parts: with `null` for no parent, and links.
struct PartForm {
    let part: StoredObject

    var json: JSONValue {
        var form = part.object
        let path = "\(WidgetVisit.basePath)/parts/\(part.key)"
        if form["parent"] == 0 { form["parent"] = .null }
        form["links"] = ["self": .string(path), "parts": .string(path + "/parts")]
        return .object(form)
    }
}

/// How clients of widgets see refusals: `{"error": {"kind": "notFound", "messages": […]}}`.
struct WidgetRefusal: Error {
    var status = 500
    var kind = "defect"
    var messages = ["This is our fault; the log says more"]

    /// The refusal that an error stands for. What is none is a defect, which the log tells, and not the client.
    init(_ error: any Error, _ logger: Logger) {
        switch error {
        case let refusal as WidgetRefusal: self = refusal
        case let error as HTTPError: (status, kind, messages) = (error.status, "request", error.messages)
        case let error as TrackerError:
            (status, kind, messages) = (Self.status(error.code), "\(error.code)", error.messages)
        default: logger.error("a request failed", metadata: ["cause": "\(error)"])
        }
    }

    init(_ status: Int, _ kind: String, _ message: String) {
        (self.status, self.kind, messages) = (status, kind, [message])
    }

    var answer: HTTPServing.Answer {
        let error: JSONValue = ["kind": .string(kind), "messages": .array(messages.map { .string($0) })]
        return .pretty(["error": error], status: HTTPResponse.Status(code: status))
    }

    private static func status(_ code: TrackerError.Code) -> Int {
        switch code {
        case .notFound: 404
        case .alreadyExists, .conflict, .stillInUse, .keyChanged: 409
        case .unavailable, .overBudget: 503
        default: 400
        }
    }
}

extension HTTPServing.Answer {
    /// An answer for people: JSON over several lines.
    static func pretty(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> HTTPServing.Answer {
        .json(.array(Array((value.prettyText() + "\n").utf8)), status: status)
    }
}
