import Basics

/// Where a store is and how to open it, written as a URI: `lmdb:/var/lib/muster`, `memory:`,
/// `directory:/path?codec=yaml`.
///
/// The form and the error texts are those of C §14.5; parts may be percent-encoded (RFC 3986).
public struct StoreLocator: Sendable, Hashable, CustomStringConvertible {
    /// The kind of store, in lower case.
    public let scheme: String
    /// The host of a store behind the network, as in `etcd://host:2379/prefix`; nil without one.
    public let authority: String?
    /// The path, decoded; empty if there is none.
    public let path: String
    /// The options after the question mark, decoded; of an option given twice, the first counts.
    public let query: [String: String]

    /// Reads a locator.
    ///
    /// - Throws: `badLocator` if the text has no scheme, a wrong percent escape, or an unknown `codec` or `ro`.
    public init(_ text: String) throws(StoreError) {
        guard let colon = text.firstIndex(of: ":") else {
            let forms = StoreKinds.local.forms.joined(separator: " or ")
            throw StoreError(.badLocator, "the store locator \(text) names no kind of store: write \(forms)")
        }
        scheme = String(text[..<colon]).asciiLowercased
        let parts = text[text.index(after: colon)...].split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        (authority, path) = try Self.readHierarchy(parts[0])
        query = try parts.count > 1 ? Self.readQuery(parts[1]) : [:]
        try checkCommonOptions()
    }

    /// The locator of a store in memory.
    static let memory = StoreLocator(scheme: "memory")

    private init(scheme: String) {
        self.scheme = scheme
        authority = nil
        path = ""
        query = [:]
    }

    /// The same store, to be opened for reading only.
    public var readOnly: StoreLocator { setting("ro", to: "true") }

    /// The same store, to be opened with an option.
    public func setting(_ option: String, to value: String) -> StoreLocator {
        StoreLocator(self, path: path, query: query.merging([option: value]) { $1 })
    }

    /// A store of the same kind and options at another path.
    func at(_ path: String) -> StoreLocator { StoreLocator(self, path: path, query: query) }

    private init(_ other: StoreLocator, path: String, query: [String: String]) {
        (scheme, authority, self.path, self.query) = (other.scheme, other.authority, path, query)
    }

    /// Whether the store is to be opened for reading only (`ro=true`).
    public var isReadOnly: Bool { query["ro"] == "true" }

    /// The locator in its usual form; reading it again gives an equal locator.
    public var description: String {
        var text = scheme + ":"
        if let authority {
            text +=
                "//"
                + PercentEncoding.encode(authority.utf8, keeping: { PercentEncoding.isUnreserved($0) || $0 == 0x3A })
        } else if path.hasPrefix("//") {
            text += "//"  // otherwise the path would be taken for a host
        }
        text += PercentEncoding.encode(path.utf8, keeping: { PercentEncoding.isUnreserved($0) || $0 == 0x2F })
        let options = query.sorted { $0.key < $1.key }.map { name, value in
            PercentEncoding.encode(name.utf8, keeping: PercentEncoding.isUnreserved) + "="
                + PercentEncoding.encode(value.utf8, keeping: PercentEncoding.isUnreserved)
        }
        return options.isEmpty ? text : text + "?" + options.joined(separator: "&")
    }

    /// Refuses options that the kind of store does not know, since a misspelt one would be ignored silently.
    func refuseOptions(otherThan known: [String]) throws(StoreError) {
        let known = ["codec", "ro"] + known
        for name in query.keys.sorted() where !known.contains(name) {
            throw StoreError(
                .badLocator,
                "the store locator \(self) has the unknown option \(name): "
                    + "\(scheme) knows \(known.sorted().joined(separator: ", "))")
        }
    }

    private func checkCommonOptions() throws(StoreError) {
        if let codec = query["codec"], !["yaml", "json", "default"].contains(codec) {
            throw StoreError(.badLocator, "Unknown codec \(codec)")
        }
        if let readOnly = query["ro"], readOnly != "true", readOnly != "false" {
            throw StoreError(.badLocator, "Unknown ro value \(readOnly). Try true or false")
        }
    }
}
