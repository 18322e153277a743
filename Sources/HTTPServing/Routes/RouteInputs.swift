package import Basics
package import HTTPTypes
import JSON

/// What a route understands of a request beside its path and body: the one place that says so.
///
/// Fields of the head that a route does not understand are ignored. What becomes of arguments of the query that it does not
/// understand is the facade's to say, unless the route says it.
package struct RouteInputs: Sendable {
    /// The fields of the head, beside those that the facade or HTTP itself gives a meaning.
    package var headers: Set<HTTPField.Name>
    /// The arguments of the query.
    package var arguments: Set<Identifier>
    /// What becomes of other arguments; nil for what the facade says.
    package var others: UnknownArguments?

    /// The inputs that are named.
    package init(
        headers: Set<HTTPField.Name> = [], arguments: Set<Identifier> = [], others: UnknownArguments? = nil
    ) {
        (self.headers, self.arguments, self.others) = (headers, arguments, others)
    }

    /// Nothing but what the facade gives a meaning.
    package static var none: RouteInputs { RouteInputs() }
}

/// What becomes of arguments that a route does not understand.
package enum UnknownArguments: Sendable {
    /// They make no difference, or are filters, which only the handler can tell.
    case ignored
    /// They are refused with status 400, with the names of those that are understood.
    case refused
}
