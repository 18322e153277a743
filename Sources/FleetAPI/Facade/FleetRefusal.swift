import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Logging
import Tracker

/// A refusal as clients of the inventory see it: `{"message": …, "status": …}` (F §1).
struct FleetRefusal: Error {
    /// The status, one of those that the client can digest.
    let status: Int
    /// What the client is told.
    let message: String
    /// The methods that a path has, of a request with another.
    var allowed: String?
    /// Whether it refuses somebody who is known for want of rights.
    var isDenied = false

    static let unknownPath =
        "The requested URL was not found on the server.  "
        + "If you entered the URL manually please check your spelling and try again."
    static let wrongMethod = "The method is not allowed for the requested URL."
    static let badBody = "The browser (or proxy) sent a request that this server could not understand."
    static let unknown = "An unknown exception occurred"

    init(_ status: Int, _ message: String, allowed: String? = nil) {
        (self.status, self.message, self.allowed) = (Self.digestible(status), message, allowed)
    }

    /// The refusal that an error stands for. What is none is a defect, which the log tells, and not the client.
    init(_ error: any Error, _ logger: Logger) {
        switch error {
        case let refusal as FleetRefusal: self = refusal
        case let error as HTTPError: self.init(error.status, error.messages.joined(separator: "\n"))
        case let error as TrackerError:
            self.init(Self.status(error.code), Self.message(error))
            isDenied = error.code == .denied
            if error.code == .internalFault { logger.error("a request failed", metadata: ["cause": "\(error)"]) }
        default:
            logger.error("a request failed", metadata: ["cause": "\(error)"])
            self.init(500, Self.unknown)
        }
    }

    /// The refusal as an answer.
    ///
    /// - Parameter request: what is refused; nil for a head that cannot be parsed.
    func answer(to request: ServerRequest?) -> Answer {
        let body: JSONValue = ["message": .string(message), "status": JSONValue(status)]
        var answer = Answer.fleet(body, to: request, status: HTTPResponse.Status(code: status))
        answer.isDenied = isDenied
        if let allowed { answer.headers[.allow] = allowed }
        return answer
    }

    /// The status for what the tracker refuses.
    private static func status(_ code: TrackerError.Code) -> Int {
        switch code {
        case .denied: 401
        case .notFound, .hidden: 404
        case .alreadyExists, .keyChanged, .stillInUse, .readOnly, .locked, .conflict: 409
        case .forgotten: 410
        case .preconditionFailed: 412
        case .emptyKey, .undecodable, .invalid, .patchFailed, .malformedPatch, .badQuery, .packRefused, .badPack,
            .unnamedPack, .overBudget, .cancelled:
            400
        case .unavailable, .internalFault: 500
        }
    }

    private static func message(_ error: TrackerError) -> String {
        switch error.code {
        case .notFound, .hidden: "Not Found"
        case .internalFault: unknown
        default: error.messages.joined(separator: "\n")
        }
    }

    /// The status itself, or the nearest that the client in use can read without falling over (F §1).
    static func digestible(_ status: Int) -> Int {
        switch status {
        case ..<400, 400, 401, 403...407, 409...416, 422, 500: status
        case 408: 400
        case 429: 403
        case 501: 405
        case 400..<500: 400
        default: 500
        }
    }
}

/// The name of a request as OpenStack has it: `req-` and a UUID, which follows from the name that our logs have.
enum FleetRequestID {
    static func text(_ request: ServerRequest?) -> String {
        var digest = Digest()
        digest.add((request?.id ?? RequestID.next()).description)
        return "req-" + UUIDText.version4(from: Array(digest.bytes.prefix(16)))
    }
}

extension Answer {
    /// An answer of the inventory: JSON as Python writes it, with the name of the request.
    static func fleet(_ value: JSONValue, to request: ServerRequest?, status: HTTPResponse.Status = .ok) -> Answer {
        var answer = Answer.json(.array(value.asciiPrettyBytes() + [UInt8(ascii: "\n")]), status: status)
        answer.headers[.fleetRequestID] = FleetRequestID.text(request)
        return answer
    }

    /// An answer of the inventory without content.
    static func fleetEmpty(to request: ServerRequest) -> Answer {
        var answer = Answer.noContent
        answer.headers[.fleetRequestID] = FleetRequestID.text(request)
        return answer
    }
}
