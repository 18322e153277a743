/// What a task waits to see changed. Commits that cannot concern it do not wake it.
public enum ChangeInterest: Sendable, Hashable {
    /// One object.
    case object(ObjectID)
    /// Any object of a type.
    case type(TypeName)
    /// Anything.
    case anything

    /// What rights follow from: whoever waits for anything looks again when it changes.
    private static let rightsTypes: Set<TypeName> = ["users", "roles", "tenants"]

    /// The interests that a group of commits concerns; nil for all of them.
    static func touched(by records: [CommitRecord]) -> Set<ChangeInterest>? {
        var touched: Set<ChangeInterest> = [.anything]
        for record in records {
            guard record.packs.isEmpty else { return nil }
            for change in record.changes {
                if rightsTypes.contains(change.id.typeName) { return nil }
                touched.insert(.object(change.id))
                touched.insert(.type(change.id.typeName))
            }
        }
        return touched
    }
}
