package import Logging

/// What a facade knows of a request once it knows who asks: on whose behalf it is answered, and from what state.
///
/// Each facade has a type of its own for that, which its handlers get as `RequestContext.session`.
package protocol FacadeSession: Sendable {
    /// What a route may require of its caller.
    associatedtype Requirement: Sendable

    /// Where the facade's paths begin, with a slash at the start and none at the end: `/api/v3`. Empty for the root.
    static var basePath: String { get }

    /// Who asks, as the log shows it; nil on routes that are open to all.
    var caller: String? { get }

    /// Where lines of the log about the request go.
    var logger: Logger { get }
}
