import Basics

extension StoreLocator {
    /// Splits `//host/path` into host and path; an empty host, as in `lmdb:///path`, is none.
    static func readHierarchy(_ text: Substring) throws(StoreError) -> (authority: String?, path: String) {
        guard text.hasPrefix("//") else { return (nil, try percentDecoded(text)) }
        let rest = text.dropFirst(2)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = try percentDecoded(rest[..<slash])
        return (authority.isEmpty ? nil : authority, try percentDecoded(rest[slash...]))
    }

    /// Reads `name=value&name=value`; a name alone has an empty value.
    static func readQuery(_ text: Substring) throws(StoreError) -> [String: String] {
        var query: [String: String] = [:]
        for option in text.split(separator: "&") {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try percentDecoded(parts[0])
            let value = try parts.count > 1 ? percentDecoded(parts[1]) : ""
            if query[name] == nil { query[name] = value }
        }
        return query
    }

    private static func percentDecoded(_ text: Substring) throws(StoreError) -> String {
        guard let bytes = PercentEncoding.decodeStrictly(text) else {
            throw StoreError(
                .badLocator,
                "the store locator has a wrong escape in \(text): write % as %25, others as % and two hex digits")
        }
        guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
            throw StoreError(
                .badLocator, "the store locator has bytes in \(text) that are not UTF-8 text: correct them")
        }
        return decoded
    }
}
