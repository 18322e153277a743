/// Side data in a draft: it becomes durable with the objects that the draft changes, or alone if it changes none.
extension Draft {
    /// Stores an entry, in the place of one of the same subject and item.
    ///
    /// - Parameters:
    ///   - value: its bytes.
    ///   - name: the keyspace; one that is not declared is a programmer error.
    ///   - subject: whose entry it is: the key of an object, if the keyspace belongs to a type.
    ///   - item: what it is under; not empty. Numbers sort if the highest byte comes first.
    /// - Throws: `notFound` when there is no such object; `invalid` beyond the keyspace's limits.
    public mutating func append(
        _ value: [UInt8], to name: TypeName, of subject: ByteString, at item: [UInt8]
    ) throws(TrackerError) {
        let key = try admit(value, name, subject, item)
        side.changes.append(.put(key: key, value: value))
    }

    /// Appends bytes at the end of what a subject has: its entries are then the parts of one stream, each under the number of the
    /// bytes before it (``SideStream``). A keyspace whose subjects are streams is written in no other way.
    ///
    /// - Parameters:
    ///   - value: the bytes; none is no entry.
    ///   - name: the keyspace; one that is not declared is a programmer error.
    ///   - subject: whose stream it is: the key of an object, if the keyspace belongs to a type.
    ///   - start: how many bytes of the stream come before these; nil for all that it has. What it has of them already is left
    ///     out, and so are all of them if it has less than that: who was not answered sends them again, and they are there once.
    /// - Throws: `notFound` when there is no such object; `invalid` beyond the keyspace's limits.
    public mutating func append(
        _ value: [UInt8], toStreamIn name: TypeName, of subject: ByteString, after start: UInt64? = nil
    ) throws(TrackerError) {
        guard !value.isEmpty else { return }
        _ = try admit(value, name, subject, SideStream.item(0))
        side.changes.append(.extend(range: SideRange(name, subject), value: value, after: start))
    }

    /// The key of an entry that is within the keyspace's limits.
    private mutating func admit(
        _ value: [UInt8], _ name: TypeName, _ subject: ByteString, _ item: [UInt8]
    ) throws(TrackerError) -> [UInt8] {
        let keyspace = declared(name)
        if let owner = keyspace.owner, view[ObjectID(owner, subject)] == nil {
            throw .notFound(owner, subject.string)
        }
        let limits = keyspace.limits
        let size = side.bytes[name, default: 0] + value.count
        let key = StoreLayout.sidePrefix(name, subject)
        let prefixLimit = name.rawValue.utf8.count + 3 + SideKeyspace.longestSubject
        let problem: String? =
            if !(1...SideKeyspace.longestItem ~= item.count) {
                "an item has 1 to \(SideKeyspace.longestItem) bytes, not \(item.count)"
            } else if key.count > prefixLimit {
                "a subject has up to \(SideKeyspace.longestSubject) bytes, not \(subject.count)"
            } else if value.count > limits.entryBytes {
                "an entry has up to \(limits.entryBytes) bytes, not \(value.count)"
            } else if size > limits.commitBytes {
                "entries of one commit have up to \(limits.commitBytes) bytes, not \(size): split it"
            } else {
                nil
            }
        if let problem { throw TrackerError(.invalid, name, key: subject.string, "\(name): \(problem)") }
        side.bytes[name] = size
        return key + item
    }

    /// Removes the first entries of a subject with `from` ≤ item < `upTo`, in the order of items.
    ///
    /// - Parameters:
    ///   - name: the keyspace; one that is not declared is a programmer error.
    ///   - upTo: nil for no end.
    ///   - limit: the most to remove, at most 10,000: whoever has more to remove does it in several commits.
    public mutating func trim(
        _ name: TypeName, of subject: ByteString, from: [UInt8] = [], upTo: [UInt8]? = nil, limit: Int = 10_000
    ) {
        let range = SideRange(declared(name).name, subject)
        let end = upTo.map { range.from + $0 } ?? range.upTo
        side.changes.append(.trim(range: range, from: range.from + from, upTo: end, limit: min(limit, 10_000)))
    }

    private func declared(_ name: TypeName) -> SideKeyspace {
        guard let keyspace = view.catalog.sideKeyspace(name) else {
            preconditionFailure("\(name) is not declared as a side keyspace")
        }
        return keyspace
    }
}

/// What a draft does to side data.
struct SideChanges: Sendable {
    /// One step.
    enum Change: Sendable {
        /// Stores a value.
        case put(key: [UInt8], value: [UInt8])
        /// Stores a value behind all others of a stream, without what that has of it already.
        case extend(range: SideRange, value: [UInt8], after: UInt64?)
        /// Removes the first entries of a subject's with keys from one to another.
        case trim(range: SideRange, from: [UInt8], upTo: [UInt8], limit: Int)
    }

    /// The steps, in order.
    var changes: [Change] = []
    /// How many bytes are put into each keyspace.
    var bytes: [TypeName: Int] = [:]

    var isEmpty: Bool { changes.isEmpty }
}
