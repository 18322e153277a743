import Basics

/// A URI or relative reference taken apart (RFC 3986), as leniently as Go's `url.Parse`.
struct URIReference: Sendable, Hashable {
    var scheme: String?
    var authority: String?
    var path = ""
    var query: String?
    var fragment: String?

    init() {}

    /// Nil when the text has control characters, a broken percent escape, a bad port or what else makes it no reference.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        var rest = text.utf8[...]
        fragment = Self.cut(&rest, at: "#")
        query = Self.cut(&rest, at: "?")
        guard Self.takeScheme(from: &rest, into: &scheme) else { return nil }
        let slash = UInt8(ascii: "/")
        if rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: slash) ?? rest.endIndex
            authority = String(Substring(rest[..<end]))
            rest = rest[end...]
        } else if scheme == nil, rest.first != slash {
            // A colon in the first segment would make the rest of it look like a scheme.
            guard !rest.prefix(while: { $0 != slash }).contains(UInt8(ascii: ":")) else { return nil }
        }
        path = String(Substring(rest))
        guard Self.unescape(path) != nil, Self.unescape(fragment ?? "") != nil, authority.map(Self.isAuthority) ?? true
        else { return nil }
    }

    private static func cut(_ rest: inout Substring.UTF8View, at mark: Unicode.Scalar) -> String? {
        guard let index = rest.firstIndex(of: UInt8(ascii: mark)) else { return nil }
        defer { rest = rest[..<index] }
        return String(Substring(rest[rest.index(after: index)...]))
    }

    /// False when the text begins with a colon.
    private static func takeScheme(from rest: inout Substring.UTF8View, into scheme: inout String?) -> Bool {
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return true }
        let candidate = rest[..<colon]
        guard let first = candidate.first else { return false }
        let isScheme =
            first.isASCIILetter
            && candidate.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "+-.".utf8.contains($0) }
        if isScheme {
            scheme = Substring(candidate).asciiLowercased
            rest = rest[rest.index(after: colon)...]
        }
        return true
    }

    private static func isAuthority(_ text: String) -> Bool {
        let host =
            text.utf8.lastIndex(of: UInt8(ascii: "@")).map { text.utf8[text.utf8.index(after: $0)...] }
            ?? text.utf8[...]
        let port: Substring.UTF8View
        if host.first == UInt8(ascii: "[") {
            guard let bracket = host.lastIndex(of: UInt8(ascii: "]")) else { return false }
            port = host[host.index(after: bracket)...]
        } else {
            guard !host.contains(where: { " \"<>\\^`{|}".utf8.contains($0) }) else { return false }
            port = host.lastIndex(of: UInt8(ascii: ":")).map { host[$0...] } ?? "".utf8[...]
        }
        guard unescape(text) != nil else { return false }
        return port.isEmpty || port.first == UInt8(ascii: ":") && port.dropFirst().allSatisfy(\.isASCIIDigit)
    }

    /// The text with percent escapes resolved; nil when one is broken.
    static func unescape(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        return PercentEncoding.decodeStrictly(text).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension URIReference {
    /// Whether all parts are the same bytes.
    static func == (left: URIReference, right: URIReference) -> Bool { left.parts == right.parts }

    /// Feeds the parts.
    func hash(into hasher: inout Hasher) { hasher.combine(parts) }

    private var parts: [Identifier?] {
        [scheme, authority, path, query, fragment].map { part in part.map { Identifier($0) } }
    }
}

extension URIReference {
    /// What a reference means in a document with this URI (RFC 3986 §5.2).
    func resolving(_ reference: URIReference) -> URIReference {
        var result = reference
        guard reference.scheme == nil else { return result }
        result.scheme = scheme
        guard reference.authority == nil else { return result }
        result.authority = authority
        if reference.path.isEmpty {
            result.path = path
            result.query = reference.query ?? query
        } else if reference.path.utf8.first != UInt8(ascii: "/") {
            let slash = UInt8(ascii: "/")
            let folder = path.utf8.lastIndex(of: slash).map { String(path.utf8[...$0]) ?? "" }
            result.path = (folder ?? (authority == nil ? "" : "/")) + reference.path
        }
        result.path = Self.removeDots(result.path)
        return result
    }

    /// The URI of the document, without the fragment.
    var document: URIReference {
        var result = self
        result.fragment = nil
        return result
    }

    private static func removeDots(_ path: String) -> String {
        let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        var result: [String] = []
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { result.append("") }
            case "..":
                if result.count > 1 { result.removeLast() }
                if isLast { result.append("") }
            default: result.append(segment)
            }
        }
        return result.joined(separator: "/")
    }
}
