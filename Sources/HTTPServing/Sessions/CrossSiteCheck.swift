import Basics
package import HTTPTypes

/// Refuses what another site has a browser send: a form there would be sent with our cookie.
///
/// Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`); whatever they say, a request that changes something must
/// also bring the token that only our own pages have.
package enum CrossSiteCheck {
    /// The name of the field of forms that has the token.
    package static let fieldName = "form-token"

    /// Lets a request pass if it comes from a page of ours.
    ///
    /// - Parameters:
    ///   - head: the request's.
    ///   - shown: the token that it brings; nil if none.
    ///   - token: the session's token.
    /// - Throws: `HTTPError` of status 403.
    package static func demand(_ head: HTTPRequest, shown: String?, _ token: String) throws(HTTPError) {
        guard !isFromElsewhere(head) else { throw refusal("it was sent by another site") }
        guard let shown, Self.isEqual(shown, token) else {
            throw refusal("its form is of another session: load the page again")
        }
    }

    /// Whether the browser says that another site had it send the request.
    package static func isFromElsewhere(_ head: HTTPRequest) -> Bool {
        if let site = head.headerFields.value(of: .fetchSite) {
            return !["same-origin", "none"].contains(bytesOf: site)
        }
        guard let origin = head.headerFields.value(of: .origin) else { return false }
        let host = origin.parts(between: "/").last.map(String.init) ?? ""
        return !host.hasSameUTF8(as: head.authority ?? head.headerFields.value(of: .host) ?? "")
    }

    private static func refusal(_ reason: String) -> HTTPError {
        HTTPError(403, .crossSite, "The request is refused, since \(reason)")
    }

    /// Whether the texts are equal, in a time that tells nothing of where they differ.
    private static func isEqual(_ one: String, _ other: String) -> Bool {
        guard one.utf8.count == other.utf8.count else { return false }
        return zip(one.utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
