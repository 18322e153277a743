import JSON
public import Tracker

extension Snapshot {
    /// The sealed values that nobody can open, since the keys of their objects are not in this store: `machines/a: password`.
    ///
    /// - Parameter limit: how many are named at the most.
    public func lostSealedValues(limit: Int) -> [String] {
        var lost: [String] = []
        for type in catalog.types {
            guard let parameters = type.parameters, let table = self[type.typeName] else { continue }
            table.forEachObject { object in
                guard object.layer == .writable else { return true }
                let holder = ObjectID(type.typeName, object.key)
                for (name, value) in object.object[parameters.field]?.objectValue ?? [:]
                where SecureData.isSealed(value) && isSecure(name, parameters) && sealingKeys(of: holder) == nil {
                    lost.append("\(holder): \(name)")
                }
                return lost.count < limit
            }
        }
        return Array(lost.prefix(limit))
    }
}
