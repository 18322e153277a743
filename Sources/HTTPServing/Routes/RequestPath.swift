import Basics
import JSON

/// How a facade reads the paths of its requests.
package struct PathRules: Sendable {
    /// Where the facade's paths begin: `/api/v3`.
    package let base: String
    /// A segment that may stand before the base; none if it is empty.
    package let prefix: String
    /// Whether segments like `{name}` stand for the query's argument of that name.
    package let fillsPlaceholders: Bool
    /// What most targets begin with.
    fileprivate let start: String
    fileprivate let baseSegments: [Identifier]

    /// The rules of paths below `base`, which begins with a slash and does not end with one.
    package init(base: String, prefix: String = "", fillsPlaceholders: Bool = false) {
        (self.base, self.prefix, self.fillsPlaceholders) = (base, prefix, fillsPlaceholders)
        start = base + "/"
        baseSegments = base.parts(between: "/").filter { !$0.isEmpty }.map { Identifier(String($0)) }
    }
}

/// The target of a request, split at its slashes and then decoded: `/api/v3/machines/Name%3Abob?decode=true`.
package struct RequestPath: Sendable {
    /// The decoded segments: of paths below the facade's base those behind it. Empty ones are left out, so that `//` and a
    /// slash at the end make no difference.
    package private(set) var segments: [String] = []
    /// Whether the path lies below the facade's base.
    package private(set) var isBelowBase = false
    /// The path and query as the client sent them.
    package let target: String
    /// Where in `target` the path ends.
    private let pathEnd: String.Index

    /// Splits `target`.
    ///
    /// - Parameters:
    ///   - target: path and query, still encoded.
    ///   - rules: how the facade reads them.
    package init(_ target: String, _ rules: PathRules) {
        self.target = target
        pathEnd = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        segments.reserveCapacity(5)
        if target.utf8.starts(with: rules.start.utf8) {
            isBelowBase = true
            split(from: target.utf8.index(target.startIndex, offsetBy: rules.start.utf8.count))
        } else {
            split(from: target.startIndex)
            findBase(rules)
        }
        if rules.fillsPlaceholders { fillPlaceholders() }
    }

    private mutating func split(from start: String.Index) {
        guard start < pathEnd else { return }
        for segment in target.utf8[start..<pathEnd].split(separator: UInt8(ascii: "/")) {
            segments.append(PercentEncoding.decode(Substring(segment)))
        }
    }

    /// Takes the base off in whatever other spelling it is there.
    private mutating func findBase(_ rules: PathRules) {
        if !rules.prefix.isEmpty, segments.first?.hasSameUTF8(as: rules.prefix) == true,
            Self.begins(segments[1...], with: rules)
        {
            segments.removeFirst()
        }
        isBelowBase = Self.begins(segments[...], with: rules)
        if isBelowBase { segments.removeFirst(rules.baseSegments.count) }
    }

    /// Replaces segments like `{name}` by the argument of that name: a client in wide use forgets to fill in its templates,
    /// and sends the values as arguments instead.
    private mutating func fillPlaceholders() {
        for (position, segment) in segments.enumerated()
        where segment.hasBytePrefix("{") && segment.hasByteSuffix("}") {
            guard let value = QueryArguments(query)[String(segment.dropFirst().dropLast())] else { continue }
            segments[position] = value
        }
    }

    /// The path as the client sent it.
    package var path: String { pathEnd == target.endIndex ? target : String(target[..<pathEnd]) }

    /// Path and query as the client sent them, but for a token or password in them.
    package var shown: String {
        guard let query else { return target }
        let arguments = query.parts(between: "&")
        let rest = arguments.filter { !PercentEncoding.decode($0).hasBytePrefix("token=") }
        if rest.count == arguments.count { return target }
        return rest.isEmpty ? path : path + "?" + rest.joined(separator: "&")
    }

    /// What follows the `?`, still encoded; nil without one.
    package var query: Substring? { pathEnd == target.endIndex ? nil : target[target.utf8.index(after: pathEnd)...] }

    private static func begins(_ segments: ArraySlice<String>, with rules: PathRules) -> Bool {
        segments.count >= rules.baseSegments.count
            && zip(segments, rules.baseSegments).allSatisfy { $0.hasSameUTF8(as: $1.text) }
    }
}
