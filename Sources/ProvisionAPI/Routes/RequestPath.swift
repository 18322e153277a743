import Basics
import HTTPServing
import JSON

/// The target of a request, split at its slashes and then decoded: `/api/v3/machines/Name%3Abob?decode=true`.
struct RequestPath: Sendable {
    /// The decoded segments: of API requests those below `/api/v3`. Empty ones are left out, so that `//` and a slash at the
    /// end make no difference (C §2).
    private(set) var segments: [String] = []
    /// Whether the path lies below `/api/v3`.
    private(set) var isAPI = false
    /// The path and query as the client sent them.
    let target: String
    /// Where in `target` the path ends.
    private let pathEnd: String.Index

    /// Splits `target`.
    ///
    /// - Parameters:
    ///   - target: path and query, still encoded.
    ///   - endpoint: our own id, which may stand before `/api/v3` (C §2).
    init(_ target: String, endpoint: String) {
        self.target = target
        pathEnd = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        segments.reserveCapacity(5)
        if target.utf8.starts(with: Self.base.utf8) {
            isAPI = true
            split(from: target.utf8.index(target.startIndex, offsetBy: Self.base.utf8.count))
        } else {
            split(from: target.startIndex)
            findBase(endpoint)
        }
        fillPlaceholders()
    }

    /// What most targets begin with.
    private static let base = "/api/v3/"

    private mutating func split(from start: String.Index) {
        guard start < pathEnd else { return }
        for segment in target.utf8[start..<pathEnd].split(separator: UInt8(ascii: "/")) {
            segments.append(PercentEncoding.decode(segment))
        }
    }

    /// Takes the base off in whatever other spelling it is there.
    private mutating func findBase(_ endpoint: String) {
        if segments.count > 2, segments[0].hasSameUTF8(as: endpoint), Self.isBase(segments[1...]) {
            segments.removeFirst()
        }
        isAPI = Self.isBase(segments[...])
        if isAPI { segments.removeFirst(2) }
    }

    /// Replaces segments like `{name}` by the argument of that name: a client in wide use forgets to fill in its templates,
    /// and sends the values as arguments instead (C §21).
    private mutating func fillPlaceholders() {
        for (position, segment) in segments.enumerated()
        where segment.hasBytePrefix("{") && segment.hasByteSuffix("}") {
            guard let value = QueryArguments(query)[String(segment.dropFirst().dropLast())] else { continue }
            segments[position] = value
        }
    }

    /// The path as the client sent it.
    var path: String { pathEnd == target.endIndex ? target : String(target[..<pathEnd]) }

    /// Path and query as the client sent them, but for a token or password in them.
    var shown: String {
        guard let query else { return target }
        let arguments = query.parts(between: "&")
        let rest = arguments.filter { !PercentEncoding.decode($0.utf8).hasBytePrefix("token=") }
        if rest.count == arguments.count { return target }
        return rest.isEmpty ? path : path + "?" + rest.joined(separator: "&")
    }

    /// What follows the `?`, still encoded; nil without one.
    var query: Substring? { pathEnd == target.endIndex ? nil : target[target.utf8.index(after: pathEnd)...] }

    private static func isBase(_ segments: ArraySlice<String>) -> Bool {
        segments.count >= 2 && segments[segments.startIndex] == "api" && segments[segments.startIndex + 1] == "v3"
    }
}
