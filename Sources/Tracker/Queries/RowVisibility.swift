/// What an asker may see of the objects of one type.
public struct RowVisibility {
    /// The keys of all that may be seen, and perhaps of more, in ascending order; nil if that can be anything.
    public let candidates: [ByteString]?
    /// Whether an object is seen.
    public let sees: (StoredObject) -> Bool

    /// The sight of whoever sees what passes `sees`.
    ///
    /// - Parameter candidates: the only keys that can, ascending, where they are known: then no others are looked at.
    public init(candidates: [ByteString]? = nil, _ sees: @escaping (StoredObject) -> Bool) {
        self.candidates = candidates
        self.sees = sees
    }

    /// How many objects of a table are seen.
    public func count(in table: Table) -> Int {
        if let candidates { return table.objects.values(of: candidates).count(where: sees) }
        var count = 0
        table.objects.forEach { _, object in
            if sees(object) { count += 1 }
            return true
        }
        return count
    }
}
