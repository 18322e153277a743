import Synchronization

/// The routes of a facade that is served: they may become more meanwhile.
package final class RouteTableReference<Session: FacadeSession>: Sendable {
    private let held: Mutex<RouteTable<Session>>

    /// A reference to `table`, until there is another.
    init(_ table: RouteTable<Session>) { held = Mutex(table) }

    /// The routes that there are now.
    package var current: RouteTable<Session> { held.withLock { $0 } }

    /// Has routes take the place of those of their methods and patterns; further ones are added. Requests on their way keep the
    /// numbers of their routes, so none goes.
    package func update(_ routes: [Route<Session>]) { held.withLock { $0 = $0.updated(routes) } }
}
