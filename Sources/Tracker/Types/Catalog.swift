import Synchronization

/// The object types that a tracker holds; fixed while it runs.
public final class Catalog: Sendable {
    /// All types, sorted by type name.
    public let types: [ObjectType]
    /// What the stack of layers is made of.
    public let layers: LayerConventions
    /// For every type, who refers to it: the position of the referring type and the reference.
    let referrers: [[Referrer]]
    /// The positions of types whose keys are numbers that the server gives.
    let sequences: [Int]

    /// What gives objects values that their own domain does not know of.
    public let valueProviders: [ValueProvider]

    /// Whether any type forbids its objects to overlap.
    let forbidsOverlap: Bool

    /// What objects have beside them that does not live in memory.
    public let sideKeyspaces: [SideKeyspace]
    private let sideKeyspacesByName: [TypeName: SideKeyspace]
    /// The side keyspaces that belong to objects of a type.
    let sideKeyspacesOfOwners: [TypeName: [SideKeyspace]]

    private let positions: TypeNameTable
    /// For every type, whether its name is in the tables of types that clients read.
    private let isPublished: [Bool]

    /// One reference seen from its target.
    struct Referrer: Sendable {
        let position: Int
        let reference: Reference
        let index: Int
        /// The fields of the target whose change matters to the referrer.
        let watchedFields: [String]
    }

    /// A catalog of `types`; what cannot be is a programmer error, as of a catalog of domains.
    ///
    /// - Parameters:
    ///   - sideKeyspaces: what objects have beside them.
    ///   - layers: what the stack of layers is made of.
    public convenience init(
        _ types: [ObjectType], sideKeyspaces: [SideKeyspace] = [], layers: LayerConventions = LayerConventions()
    ) {
        self.init([Domain("types", typePrefix: nil, types: types, sideKeyspaces: sideKeyspaces, layers: layers)])
    }

    /// A catalog of the types of `domains`.
    ///
    /// Two types or side keyspaces of one name, a reference or a side keyspace of a type that is not among them, a name without
    /// its domain's prefix, and more than one declaration of layers are programmer errors.
    public init(_ domains: [Domain]) {
        for domain in domains { domain.checkNames() }
        let types = domains.flatMap(\.types).sorted { $0.typeName < $1.typeName }
        let positions = Dictionary(uniqueKeysWithValues: types.enumerated().map { ($1.typeName, $0) })
        let layers = domains.compactMap(\.layers)
        precondition(layers.count <= 1, "\(layers.count) domains say what the stack of layers is made of")
        self.layers = layers.first ?? LayerConventions()
        let own = Set(domains.filter { !$0.isPublished }.flatMap(\.types).map(\.typeName))
        isPublished = types.map { !own.contains($0.typeName) }
        valueProviders = domains.flatMap(\.valueProviders)
        sideKeyspaces = domains.flatMap(\.sideKeyspaces)
        precondition(Set(sideKeyspaces.map(\.name)).count == sideKeyspaces.count, "two side keyspaces have one name")
        for owner in sideKeyspaces.compactMap(\.owner) {
            precondition(positions[owner] != nil, "a side keyspace belongs to \(owner), which no type has")
        }
        sideKeyspacesByName = Dictionary(uniqueKeysWithValues: sideKeyspaces.map { ($0.name, $0) })
        let owned = sideKeyspaces.compactMap { side in side.owner.map { ($0, [side]) } }
        sideKeyspacesOfOwners = Dictionary(owned, uniquingKeysWith: +)
        self.types = types
        forbidsOverlap = types.contains(where: \.forbidsOverlap)
        self.positions = TypeNameTable(types.map(\.typeName))
        referrers = Self.referrers(among: types, positions)
        sequences = types.indices.filter { types[$0].key.isSequence }
    }

    private static func referrers(among types: [ObjectType], _ positions: [TypeName: Int]) -> [[Referrer]] {
        var referrers = [[Referrer]](repeating: [], count: types.count)
        for (position, type) in types.enumerated() {
            for reference in type.references {
                guard let target = positions[reference.target] else {
                    preconditionFailure("\(type.typeName) refers to \(reference.target), which no type has")
                }
                guard let index = type.keptIndexes.firstIndex(where: { $0.source == reference.source }) else {
                    preconditionFailure("\(type.typeName) keeps no index for its reference to \(reference.target)")
                }
                let watchedFields = [types[target].common.available].compactMap(\.self) + reference.watchedFields
                referrers[target].append(
                    Referrer(position: position, reference: reference, index: index, watchedFields: watchedFields))
            }
        }
        return referrers
    }

    /// The types that clients may hear of.
    public var visibleTypes: [ObjectType] { types.filter { !$0.isSecret } }

    /// The types whose names are in the tables of types that clients read. Those of our own domains are not: who does not
    /// know them finds only what another server would say.
    public var publishedTypes: [ObjectType] {
        zip(types, isPublished).compactMap { type, isPublished in isPublished && !type.isSecret ? type : nil }
    }

    /// Whether the name of a type is in the tables of types that clients read.
    func isPublished(_ typeName: TypeName) -> Bool { positions[typeName].map { isPublished[$0] } ?? false }

    /// The type called `typeName`, if clients may hear of it.
    public func visibleType(_ typeName: TypeName) -> ObjectType? { self[typeName].flatMap { $0.isSecret ? nil : $0 } }

    /// The type called `typeName`, or nil.
    public subscript(typeName: TypeName) -> ObjectType? { positions[typeName].map { types[$0] } }

    /// The object of `typeName` whose key reads `key`.
    public func id(_ typeName: TypeName, _ key: String) -> ObjectID {
        ObjectID(typeName, self[typeName]?.key.bytes(key) ?? ByteString(key))
    }

    /// The side keyspace called `name`, or nil.
    public func sideKeyspace(_ name: TypeName) -> SideKeyspace? { sideKeyspacesByName[name] }

    /// The type's position among `types`, or nil.
    func position(_ typeName: TypeName) -> Int? { positions[typeName] }

    /// The position of a type that objects have been changed of, so there is one.
    func knownPosition(_ typeName: TypeName) -> Int {
        guard let position = positions[typeName] else {
            preconditionFailure("an object of the type \(typeName) was changed, which the catalog does not have")
        }
        return position
    }
}

/// The object types of a tracker that runs: they may become more meanwhile.
final class CatalogReference: Sendable {
    private let held: Mutex<Catalog>

    /// A reference to `catalog`, until there is another.
    init(_ catalog: Catalog) { held = Mutex(catalog) }

    /// The types that there are now.
    var current: Catalog { held.withLock { $0 } }

    /// Has `catalog` take the place of the one before.
    func replace(by catalog: Catalog) { held.withLock { $0 = catalog } }
}
