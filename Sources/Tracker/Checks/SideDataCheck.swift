import Store

/// Side data against the objects that it belongs to.
extension SelfCheck {
    mutating func checkSideData() async throws(TrackerError) {
        let (store, pending) = (tracker.store, pending)
        var cursor: [UInt8]? = []
        while let from = cursor {
            let (differences, next) = try await tracker.quietly { state throws(StoreError) in
                try StoreCheck(state: state, store: store, pending: pending).sideData(from: from, limit: Self.step)
            }
            add(differences)
            cursor = next
            try pass("side data", next == nil ? 1 : 0, of: 1)
        }
    }
}

extension StoreCheck {
    /// What of the side data from a key on has no known form, or belongs to an object that is not there. Each subject is told of
    /// once. Keyspaces that are not declared are left alone, as objects of types that are not.
    ///
    /// - Returns: also where to go on; nil at the end.
    func sideData(from: [UInt8], limit: Int) throws(StoreError) -> ([String], next: [UInt8]?) {
        var (differences, rest, next): ([String], Int, [UInt8]?) = ([], limit, nil)
        try store.scan(.side, from: from) { key, _ in
            guard rest > 0 else {
                next = Array(key)
                return false
            }
            rest -= 1
            guard let (name, subject, _) = StoreLayout.sideKey(key) else {
                differences.append("the store has side data under a key of no known form")
                return true
            }
            guard let owner = state.catalog.sideKeyspace(name)?.owner else { return true }
            let id = ObjectID(owner, subject)
            guard state[id] == nil, !pending.contains(id) else { return true }
            differences.append("the store has side data \(name) of \(id), which is not there")
            next = SideRange(name, subject).upTo
            return false
        }
        return (differences, next)
    }
}
