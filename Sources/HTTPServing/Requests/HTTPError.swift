package import Basics

/// A refusal that no facade has to know the reason for. How it looks to the client is the facade's to say.
package struct HTTPError: Error, Sendable, Hashable {
    /// What is wrong.
    package enum Reason: Sendable, Hashable {
        /// Nothing answers this method on this path.
        case noRoute
        /// The head cannot be parsed, or asks for what cannot be promised; it names no request.
        case head
        /// The body is longer than the server takes.
        case bodyTooLong
        /// The body is not what the route takes.
        case malformedBody
        /// The query has an argument that the route does not know, beside these.
        case unknownArgument(Identifier, known: [Identifier])
        /// Another site had a browser send it, or nobody knows that it was not so.
        case crossSite
        /// Too many other answers wait for their clients.
        case overloaded
    }

    /// The HTTP status.
    package let status: Int
    /// What is wrong.
    package let reason: Reason
    /// One sentence a problem.
    package let messages: [String]
    /// When it makes sense to ask again; sent as a header.
    package let retryAfter: Duration?

    /// A refusal.
    package init(_ status: Int, _ reason: Reason, _ messages: String..., retryAfter: Duration? = nil) {
        (self.status, self.reason, self.messages, self.retryAfter) = (status, reason, messages, retryAfter)
    }
}
