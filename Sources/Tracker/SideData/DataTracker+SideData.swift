import Store

extension DataTracker {
    /// The most entries of a page.
    public static let longestSidePage = 10_000
    /// How many bytes of entries are enough for a page.
    static let sidePageBytes = 1 << 20

    /// A page of the durable entries of a subject with `from` ≤ item < `upTo`, as they all were at one moment.
    ///
    /// - Parameters:
    ///   - name: the keyspace.
    ///   - subject: whose entries.
    ///   - from: the first item wanted.
    ///   - upTo: the item before which to stop; nil for no end.
    ///   - descending: whether to begin with the greatest item.
    ///   - limit: the most entries wanted, at most `longestSidePage`; a page also ends when it has a mebibyte.
    /// - Throws: `unavailable` when the store cannot be read, or too many wait to read it.
    public nonisolated func sideData(
        _ name: TypeName, of subject: ByteString, from: [UInt8] = [], upTo: [UInt8]? = nil, descending: Bool = false,
        limit: Int = 1000
    ) async throws(TrackerError) -> SidePage {
        let range = SideRange(name, subject)
        let end = upTo.map { range.from + $0 } ?? range.upTo
        let limit = min(limit, Self.longestSidePage)
        guard limit > 0 else { return SidePage() }
        return try await history.read { history throws(StoreError) in
            var (page, bytes) = (SidePage(), 0)
            let start = range.from + from
            try history.store.scan(.side, from: start, upTo: end, descending: descending) { key, value in
                let item = Array(key.dropFirst(range.from.count))
                guard page.entries.count < limit, bytes < Self.sidePageBytes else {
                    page.next = descending ? page.entries.last?.item : item
                    return false
                }
                page.entries.append(SideEntry(item: item, value: Array(value)))
                bytes += value.count
                return true
            }
            return page
        }
    }
}
