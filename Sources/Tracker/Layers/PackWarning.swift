import Basics

/// Something that is wrong with objects because of a pack, but keeps nobody from loading it (C §14.2).
public struct PackWarning: Sendable, Hashable {
    /// The object that it is about; nil if it is about the pack as a whole.
    public let about: ObjectID?
    /// What is wrong. About an object of the pack it is its domain's own sentence; about another it names that first.
    public let text: String

    /// A warning.
    public init(about: ObjectID?, text: String) { (self.about, self.text) = (about, text) }

    /// How many warnings are told one by one of objects outside the pack.
    public static let most = 100
}

extension Snapshot {
    /// The names in objects of `layer` that lead nowhere now; of the writable layer those of the first that are not available.
    public func danglingNames(of layer: Layer) -> [PackWarning] {
        guard layer.kind != .writable else { return writableDanglingNames }
        return layer.ids.flatMap { id -> [PackWarning] in
            guard let stored = self[id], stored.layer == layer.id, let type = catalog[id.typeName] else { return [] }
            return danglingNames(of: id, stored, type)
        }
    }

    private var writableDanglingNames: [PackWarning] {
        var (warnings, looked): ([PackWarning], Int) = ([], 0)
        for type in catalog.visibleTypes {
            guard let field = type.common.available, let table = self[type.typeName],
                let index = table.index(of: .field(field))
            else { continue }
            index.rows(IndexValue.boolean(false), of: table.objects)?
                .forEachRow(skipping: 0, descending: false, of: table.objects) { row in
                    guard looked < PackWarning.most else { return false }
                    guard row.layer == .writable else { return true }
                    looked += 1
                    warnings += danglingNames(of: ObjectID(type.typeName, row.key), row, type)
                    return true
                }
        }
        return warnings
    }

    private func danglingNames(of id: ObjectID, _ stored: StoredObject, _ type: ObjectType) -> [PackWarning] {
        guard !stored.errors(type).isEmpty else { return [] }
        return findings(about: stored, type).danglingNames.map { PackWarning(about: id, text: $0) }
    }

    /// What a type's rules find in an object as it is.
    func findings(
        about stored: StoredObject, _ type: ObjectType, for request: TrackerRequest = .system("telling what is wrong"),
        _ environment: Environment = Environment()
    ) -> Findings {
        let object = stored.object
        let change = ChangeContext(
            action: .load, type: type, key: stored.key.string, previous: object, view: self,
            request: request, environment: environment)
        var findings = change.findings
        type.rules.check(object, change, &findings)
        return findings
    }
}
