import JSON

/// The rule that no two objects hold a resource at the same time, where their type declares it.
///
/// A client's changes are judged when all of a commit are made, so that in one commit two objects may trade places. What a pack
/// brings is not refused: it is unavailable while it overlaps with anything, and is looked at again when that changes.
extension Draft {
    /// How many objects that are in the way a refusal names.
    private static let mostNamed = 3

    /// Refuses the draft if it gives an object of the writable layer an interval that overlaps with another's, or that is none.
    ///
    /// What was so before and is not changed is let be.
    ///
    /// - Throws: `invalid`, naming both objects and their times.
    func checkOverlaps() throws(TrackerError) {
        guard view.catalog.forbidsOverlap else { return }
        for change in changeList.changes {
            guard let after = change.after, after.layer == .writable, let type = view.catalog[change.id.typeName]
            else { continue }
            let written = change.before.flatMap { $0.layer == .writable ? $0 : nil }
            let messages = overlaps(of: after, type, before: written)
            guard messages.isEmpty else {
                throw TrackerError(.invalid, type.typeName, key: change.id.key.string, messages)
            }
        }
    }

    /// The ways in which an object breaks its type's overlap rules.
    ///
    /// - Parameter before: the object as it was, whose intervals are not held against it; nil if they are.
    func overlaps(of object: StoredObject, _ type: ObjectType, before: StoredObject? = nil) -> [String] {
        guard type.forbidsOverlap, let position = view.catalog.position(type.typeName) else { return [] }
        view.watch?.read(position)
        var messages: [String] = []
        for (declaration, index) in zip(type.intervals, view.tables[position].intervals)
        where declaration.forbidsOverlap {
            let found = declaration.read(object.document)
            if let before, found.isNoChange(from: declaration.read(before.document)) { continue }
            switch found {
            case .none: break
            case .unusable(let problem): messages.append("\(object.key): \(problem)")
            case .interval(let interval):
                for resource in interval.resources {
                    messages += conflicts(of: object.key, interval, declaration, type, on: resource, index[resource])
                }
            }
        }
        return messages
    }

    /// Who is in the way of an object on one of its resources: the first few, and whether there are more.
    private func conflicts(
        of key: ByteString, _ interval: ObjectInterval, _ declaration: IntervalDeclaration, _ type: ObjectType,
        on resource: ByteString, _ tree: OrderedTree<IntervalEntry>
    ) -> [String] {
        let own = IntervalEntry(start: interval.start, end: interval.end, object: key).match
        var (others, hasMore) = ([IntervalMatch](), false)
        tree.forEachOverlap(from: interval.start, upTo: interval.end) { entry in
            let match = entry.pointee.match
            if match == own { return true }
            hasMore = others.count == Self.mostNamed
            if !hasMore { others.append(match) }
            return !hasMore
        }
        guard !others.isEmpty else { return [] }
        let what = declaration.resourceText(resource)
        let named = others.map { other in
            let mayTell = request.authorization?.sees(ObjectID(type.typeName, other.key), in: view) ?? true
            return mayTell ? "\(other.key) (\(declaration.text(other)))" : "another"
        }
        let rest = hasMore ? " and others" : ""
        return ["\(key): \(declaration.text(own)) overlaps on \(what) with \(named.joined(separator: ", "))\(rest)"]
    }

    /// Has the packs' objects looked at again that a change comes to overlap with, or does so no more.
    mutating func enlistOverlapped(by change: ObjectChange, at position: Int) {
        let table = view.tables[position]
        guard table.packObjectCount > 0, table.type.forbidsOverlap else { return }
        for (declaration, index) in zip(table.type.intervals, table.intervals) where declaration.forbidsOverlap {
            let before = change.before.flatMap { declaration.read($0.document).interval }
            let after = change.after.flatMap { declaration.read($0.document).interval }
            guard before != after else { continue }
            for interval in [before, after].compactMap({ $0 }) {
                for resource in interval.resources {
                    index[resource].forEachOverlap(from: interval.start, upTo: interval.end) { entry in
                        let id = ObjectID(change.id.typeName, entry.pointee.object)
                        if id != change.id, table[id.key]?.isFromPack == true { worklist.add(id) }
                        return true
                    }
                }
            }
        }
    }
}

extension IntervalDeclaration {
    /// What messages call an interval.
    fileprivate func text(_ interval: IntervalMatch) -> String {
        let start = interval.start.text(axis)
        return interval.end.map { "\(start) to \($0.text(axis))" } ?? "from \(start) on"
    }

    /// What messages call a resource: its value too, where that is text.
    fileprivate func resourceText(_ value: ByteString) -> String {
        let field = resource.source.fieldName ?? name
        switch resource.kind {
        case .string, .uuid, .hardwareAddress, .list, .cidr: return "\(field) \(value)"
        case .boolean, .integer, .time, .address: return field
        }
    }
}
