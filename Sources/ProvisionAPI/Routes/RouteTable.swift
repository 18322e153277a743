import Basics
import HTTPServing
import HTTPTypes
import JSON

/// All routes, ready to be searched.
public struct RouteTable: Sendable {
    /// The routes in the order in which they were given.
    public let routes: [Route]

    /// Routes of paths below `/api/v3` by their first segment, the most literal pattern first.
    private let families: [Identifier: [Route]]
    /// All other routes.
    private let others: [Route]

    /// A table of `routes`; two with one method and pattern are a programmer error.
    init(_ routes: [Route]) {
        self.routes = routes
        let names = routes.map(\.description)
        precondition(Set(names).count == names.count, "two routes are one: \(Self.twice(names))")
        let ranked = routes.enumerated().sorted { ($1.element.rank, $0.offset) < ($0.element.rank, $1.offset) }
            .map(\.element)
        families = Dictionary(grouping: ranked.filter { $0.isAPI && $0.pattern.family != nil }) {
            Identifier($0.pattern.family ?? "")
        }
        others = ranked.filter { !$0.isAPI || $0.pattern.family == nil }
    }

    /// The route that answers `method` on `path`, or nil.
    func route(_ method: HTTPRequest.Method, _ path: RequestPath) -> Route? {
        let candidates = path.isAPI ? path.segments.first.flatMap { families[Identifier($0)] } ?? others : others
        if let route = Self.first(candidates, method, path) { return route }
        return method == .head ? Self.first(candidates, .get, path) : nil
    }

    private static func first(_ routes: [Route], _ method: HTTPRequest.Method, _ path: RequestPath) -> Route? {
        routes.first { $0.method == method && $0.isAPI == path.isAPI && $0.pattern.matches(path.segments) }
    }

    private static func twice(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    }
}

extension Route {
    /// Literal segments first, then patterns without a tail.
    fileprivate var rank: Int { pattern.literalCount * 2 + (pattern.hasTail ? 0 : 1) }
}
