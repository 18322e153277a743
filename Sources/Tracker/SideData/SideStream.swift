/// Side data that is one stream of bytes a subject, as a log is: entries are its parts in order, each under the number of the
/// bytes before it, eight bytes with the highest first.
public enum SideStream {
    /// What the part is under that begins after `offset` bytes.
    public static func item(_ offset: UInt64) -> [UInt8] {
        withUnsafeBytes(of: offset.bigEndian) { Array($0) }
    }

    /// The number of bytes before a part; nil if that is no part's item.
    public static func offset(_ item: some Collection<UInt8>) -> UInt64? {
        item.count == 8 ? item.reduce(0) { $0 << 8 | UInt64($1) } : nil
    }
}

extension DataTracker {
    /// How many bytes of a stream are durable.
    ///
    /// - Throws: `unavailable` when the store cannot be read, or too many wait to read it.
    public nonisolated func streamSize(_ name: TypeName, of subject: ByteString) async throws(TrackerError) -> UInt64 {
        if let size = knownStreamSize(name, of: subject) { return size }
        let last = try await sideData(name, of: subject, descending: true, limit: 1).entries.first
        guard let last, let offset = SideStream.offset(last.item) else { return 0 }
        return offset + UInt64(last.value.count)
    }

    /// How many bytes of a stream are durable, if that can be told without waiting: it was written to not long ago.
    public nonisolated func knownStreamSize(_ name: TypeName, of subject: ByteString) -> UInt64? {
        committer.streamSizes[SideRange(name, subject)]
    }

    /// A part of a stream: the durable bytes from `offset` on, as many as a page has of them.
    ///
    /// - Returns: the bytes; none where the stream ends.
    /// - Throws: as `streamSize(_:of:)`.
    public nonisolated func stream(
        _ name: TypeName, of subject: ByteString, from offset: UInt64
    ) async throws(TrackerError) -> [UInt8] {
        guard offset < .max else { return [] }
        // The part that the offset lies in begins at it or before.
        let holder = try await sideData(
            name, of: subject, upTo: SideStream.item(offset + 1), descending: true, limit: 1
        ).entries.first
        let start = holder.flatMap { SideStream.offset($0.item) } ?? 0
        let page = try await sideData(name, of: subject, from: SideStream.item(start))
        return Array(page.entries.flatMap(\.value).dropFirst(Int(clamping: offset - start)))
    }
}
