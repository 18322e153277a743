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
        side.changes.append(.put(key: key + item, value: value))
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
        let range = StoreLayout.sideRange(declared(name).name, subject)
        let end = upTo.map { StoreLayout.sidePrefix(name, subject) + $0 } ?? range.upTo
        side.changes.append(.trim(from: range.from + from, upTo: end, limit: min(limit, 10_000)))
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
        /// Removes the first entries of a range.
        case trim(from: [UInt8], upTo: [UInt8], limit: Int)
    }

    /// The steps, in order.
    var changes: [Change] = []
    /// How many bytes are put into each keyspace.
    var bytes: [TypeName: Int] = [:]

    var isEmpty: Bool { changes.isEmpty }
}
