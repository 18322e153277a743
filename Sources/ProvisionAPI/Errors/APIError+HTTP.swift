import Basics
package import HTTPServing
import HTTPTypes
import JSON

extension APIError {
    /// The wire form of a refusal by the pipeline (C §3).
    ///
    /// - Parameter request: what was refused; nil for a head that cannot be parsed.
    init(_ error: HTTPError, _ request: ServerRequest?) {
        let word = Self.type(of: request?.method ?? .get)
        switch error.reason {
        case .noRoute: self.init(error.status, word, of: request?.path.path ?? "", error.messages)
        case .head: self.init(error.status, "HTTP", error.messages)
        case .bodyTooLong, .malformedBody, .crossSite: self.init(error.status, word, error.messages)
        case .unknownArgument(let other, let known):
            let subject = request?.path.segments.first ?? ""
            let names = known.filter { $0 != "token" }.map(\.text).joined(separator: ", ")
            let message = "\(Self.capitalized(subject)) has the arguments \(names), not `\(other.text)`"
            self.init(error.status, word, of: subject, message)
        case .overloaded: self.init(error.status, "Unavailable", error.messages)
        }
        retryAfter = error.retryAfter
    }

    /// The answer to a head that cannot be parsed; the same on all ports, also those that serve files.
    package static func answer(toHead refusal: HTTPError) -> Answer { APIError(refusal, nil).answer }

    /// A word at the beginning of a sentence.
    private static func capitalized(_ word: String) -> String {
        guard let first = word.utf8.first, first >= UInt8(ascii: "a"), first <= UInt8(ascii: "z") else { return word }
        return String(UnicodeScalar(first - 0x20)) + word.dropFirst()
    }
}
