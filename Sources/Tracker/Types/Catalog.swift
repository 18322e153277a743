/// The object types that a tracker holds; fixed while it runs.
public final class Catalog: Sendable {
    /// All types, sorted by prefix.
    public let types: [ObjectType]
    /// For every type, who refers to it: the position of the referring type and the reference.
    let referrers: [[Referrer]]

    private let positions: TypeNameTable

    /// One reference seen from its target.
    struct Referrer: Sendable {
        let position: Int
        let reference: Reference
        let index: Int
    }

    /// A catalog of `types`; two of one prefix, or a reference to a type that is not among them, are programmer errors.
    public init(_ types: [ObjectType]) {
        let sorted = types.sorted { $0.prefix < $1.prefix }
        let positions = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.prefix, $0) })
        var referrers = [[Referrer]](repeating: [], count: sorted.count)
        for (position, type) in sorted.enumerated() {
            for reference in type.references {
                guard let target = positions[reference.target] else {
                    preconditionFailure("\(type.prefix) refers to \(reference.target), which no type has")
                }
                guard let index = type.keptIndexes.firstIndex(where: { $0.source == reference.source }) else {
                    preconditionFailure("\(type.prefix) keeps no index for its reference to \(reference.target)")
                }
                referrers[target].append(Referrer(position: position, reference: reference, index: index))
            }
        }
        self.types = sorted
        self.positions = TypeNameTable(sorted.map(\.prefix))
        self.referrers = referrers
    }

    /// The types that clients may hear of.
    public var toldTypes: [ObjectType] { types.filter { !$0.isSecret } }

    /// The type called `prefix`, if clients may hear of it.
    public func told(_ prefix: TypeName) -> ObjectType? { self[prefix].flatMap { $0.isSecret ? nil : $0 } }

    /// The type called `prefix`, or nil.
    public subscript(prefix: TypeName) -> ObjectType? { positions[prefix].map { types[$0] } }

    /// Whether objects of other types refer to those of `prefix`, so that a write of one may have many others checked again.
    public func isReferredTo(_ prefix: TypeName) -> Bool { position(prefix).map { !referrers[$0].isEmpty } ?? false }

    /// The type's position among `types`, or nil.
    func position(_ prefix: TypeName) -> Int? { positions[prefix] }
}
