/// What a task waits to see changed. Commits that cannot concern it do not wake it.
public enum ChangeInterest: Sendable, Hashable {
    /// One object.
    case object(ObjectID)
    /// Any object of a type.
    case type(TypeName)
    /// Anything.
    case anything

    /// The interests that a group of commits concerns; nil for all of them, as where rights may follow from a change.
    static func touched(by records: [CommitRecord], _ catalog: Catalog) -> Set<ChangeInterest>? {
        var touched: Set<ChangeInterest> = [.anything]
        for record in records {
            guard record.packs.isEmpty else { return nil }
            for change in record.changes {
                if catalog[change.id.typeName]?.traits.contains(.decidesRights) == true { return nil }
                touched.insert(.object(change.id))
                touched.insert(.type(change.id.typeName))
            }
        }
        return touched
    }
}
