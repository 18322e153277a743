import Basics
package import HTTPTypes
import JSON
import Synchronization

/// All routes of a facade, ready to be searched.
package struct RouteTable<Session: FacadeSession>: Sendable {
    /// The routes in the order in which they were given.
    package let routes: [Route<Session>]
    private let finder: RouteFinder

    /// A table of `routes`; two with one method and pattern are a programmer error.
    package init(_ routes: [Route<Session>]) {
        self.routes = routes
        finder = RouteFinder(
            routes.map { RouteFinder.Entry(method: $0.method, pattern: $0.pattern, isBelowBase: $0.isBelowBase) })
    }

    /// The table with routes in the places of those of their methods and patterns, and further ones at the end.
    func updated(_ changed: [Route<Session>]) -> RouteTable {
        var all = routes
        var places = Dictionary(uniqueKeysWithValues: all.enumerated().map { (Identifier($1.description), $0) })
        for route in changed {
            let name = Identifier(route.description)
            if let place = places[name] {
                all[place] = route
            } else {
                places[name] = all.count
                all.append(route)
            }
        }
        return RouteTable(all)
    }

    /// The route that answers `method` on `path`, or nil.
    package func route(_ method: HTTPRequest.Method, _ path: RequestPath) -> Route<Session>? {
        number(method, path).map { routes[$0] }
    }

    /// The number of the route that answers `method` on `path`, or nil.
    func number(_ method: HTTPRequest.Method, _ path: RequestPath) -> Int? { finder.number(method, path) }

    /// The methods of the routes whose pattern matches `path`, `HEAD` where there is `GET`, in the order of the routes.
    package func methods(of path: RequestPath) -> [HTTPRequest.Method] {
        var methods: [HTTPRequest.Method] = []
        for route in routes where route.isBelowBase == path.isBelowBase && route.pattern.matches(path.segments) {
            for method in route.method == .get ? [.get, .head] : [route.method] where !methods.contains(method) {
                methods.append(method)
            }
        }
        return methods
    }
}

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

/// Finds routes by methods and paths. It knows nothing of sessions and handlers, so there is one for all facades.
private struct RouteFinder: Sendable {
    struct Entry: Sendable, CustomStringConvertible {
        let method: HTTPRequest.Method
        let pattern: RoutePattern
        let isBelowBase: Bool

        var description: String { "\(method) \(pattern)" }

        /// Literal segments first, then patterns without a tail.
        var rank: Int { pattern.literalCount * 2 + (pattern.hasTail ? 0 : 1) }
    }

    private typealias Numbered = (number: Int, entry: Entry)

    /// Routes of paths below the base by their first segment, the most literal pattern first.
    private let families: [Identifier: [Numbered]]
    /// All other routes.
    private let others: [Numbered]

    init(_ entries: [Entry]) {
        let names = entries.map(\.description)
        precondition(Set(names).count == names.count, "two routes are one: \(Self.twice(names))")
        let ranked: [Numbered] = entries.enumerated()
            .sorted { ($1.element.rank, $0.offset) < ($0.element.rank, $1.offset) }
            .map { (number: $0.offset, entry: $0.element) }
        families = Dictionary(grouping: ranked.filter { $0.entry.isBelowBase && $0.entry.pattern.family != nil }) {
            Identifier($0.entry.pattern.family ?? "")
        }
        others = ranked.filter { !$0.entry.isBelowBase || $0.entry.pattern.family == nil }
    }

    func number(_ method: HTTPRequest.Method, _ path: RequestPath) -> Int? {
        let candidates = path.isBelowBase ? path.segments.first.flatMap { families[Identifier($0)] } ?? others : others
        if let number = Self.first(candidates, method, path) { return number }
        return method == .head ? Self.first(candidates, .get, path) : nil
    }

    private static func first(_ routes: [Numbered], _ method: HTTPRequest.Method, _ path: RequestPath) -> Int? {
        routes.first { _, entry in
            entry.method == method && entry.isBelowBase == path.isBelowBase && entry.pattern.matches(path.segments)
        }?.number
    }

    private static func twice(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    }
}
