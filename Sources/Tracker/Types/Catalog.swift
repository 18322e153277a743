/// The object types that a tracker holds; fixed while it runs.
public final class Catalog: Sendable {
    /// All types, sorted by type name.
    public let types: [ObjectType]
    /// For every type, who refers to it: the position of the referring type and the reference.
    let referrers: [[Referrer]]
    /// The positions of types whose keys are numbers that the server gives.
    let sequences: [Int]

    /// Whether any type forbids its objects to overlap.
    let forbidsOverlap: Bool

    /// What objects have beside them that does not live in memory.
    public let sideKeyspaces: [SideKeyspace]
    private let sideKeyspacesByName: [TypeName: SideKeyspace]
    /// The side keyspaces that belong to objects of a type.
    let sideKeyspacesOfOwners: [TypeName: [SideKeyspace]]

    private let positions: TypeNameTable

    /// One reference seen from its target.
    struct Referrer: Sendable {
        let position: Int
        let reference: Reference
        let index: Int
    }

    /// A catalog of `types`; two of one type name, or a reference to a type that is not among them, are programmer errors, and so
    /// are two side keyspaces of one name, or one that belongs to a type that is not among them.
    public init(_ types: [ObjectType], sideKeyspaces: [SideKeyspace] = []) {
        let sorted = types.sorted { $0.typeName < $1.typeName }
        let positions = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.typeName, $0) })
        var referrers = [[Referrer]](repeating: [], count: sorted.count)
        for (position, type) in sorted.enumerated() {
            for reference in type.references {
                guard let target = positions[reference.target] else {
                    preconditionFailure("\(type.typeName) refers to \(reference.target), which no type has")
                }
                guard let index = type.keptIndexes.firstIndex(where: { $0.source == reference.source }) else {
                    preconditionFailure("\(type.typeName) keeps no index for its reference to \(reference.target)")
                }
                referrers[target].append(Referrer(position: position, reference: reference, index: index))
            }
        }
        precondition(Set(sideKeyspaces.map(\.name)).count == sideKeyspaces.count, "two side keyspaces have one name")
        for owner in sideKeyspaces.compactMap(\.owner) {
            precondition(positions[owner] != nil, "a side keyspace belongs to \(owner), which no type has")
        }
        self.sideKeyspaces = sideKeyspaces
        sideKeyspacesByName = Dictionary(uniqueKeysWithValues: sideKeyspaces.map { ($0.name, $0) })
        let owned = sideKeyspaces.compactMap { side in side.owner.map { ($0, [side]) } }
        sideKeyspacesOfOwners = Dictionary(owned, uniquingKeysWith: +)
        self.types = sorted
        forbidsOverlap = sorted.contains(where: \.forbidsOverlap)
        self.positions = TypeNameTable(sorted.map(\.typeName))
        self.referrers = referrers
        sequences = sorted.indices.filter { sorted[$0].key.isSequence }
    }

    /// The types that clients may hear of.
    public var toldTypes: [ObjectType] { types.filter { !$0.isSecret } }

    /// The type called `typeName`, if clients may hear of it.
    public func visibleType(_ typeName: TypeName) -> ObjectType? { self[typeName].flatMap { $0.isSecret ? nil : $0 } }

    /// The type called `typeName`, or nil.
    public subscript(typeName: TypeName) -> ObjectType? { positions[typeName].map { types[$0] } }

    /// The object of `typeName` whose key reads `key`.
    public func id(_ typeName: TypeName, _ key: String) -> ObjectID {
        ObjectID(typeName, self[typeName]?.key.bytes(key) ?? ByteString(key))
    }

    /// Whether objects of other types refer to those of `typeName`, so that a write of one may have many others checked again.
    public func isReferredTo(_ typeName: TypeName) -> Bool {
        position(typeName).map { !referrers[$0].isEmpty } ?? false
    }

    /// The side keyspace called `name`, or nil.
    public func sideKeyspace(_ name: TypeName) -> SideKeyspace? { sideKeyspacesByName[name] }

    /// The type's position among `types`, or nil.
    func position(_ typeName: TypeName) -> Int? { positions[typeName] }
}
