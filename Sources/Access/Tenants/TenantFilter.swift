import JSON
public import Tracker

/// What a principal can see at all: everything, or, for a tenant's users, of some object types only the tenant's members
/// (C §11.4).
///
/// Objects that are not seen are not found, whatever the claims say; yet their keys are taken.
public struct TenantFilter: Sendable {
    /// For the object types that the tenant lists: the keys.
    private let members: [TypeName: Set<ByteString>]
    private let catalog: Catalog

    /// What `principal` sees in `snapshot`. Takes time proportional to the tenant's members.
    public init(_ principal: Principal, _ snapshot: Snapshot) {
        let tenant = principal.tenant.flatMap { snapshot.object("tenants", $0) }
        var members: [TypeName: Set<ByteString>] = [:]
        tenant?.document.member("Members")?.forEachMember { typeName, keys in
            let typeName = TypeName(typeName)
            let texts = keys.elements.compactMap(\.string)
            members[typeName] = Set(texts.map { snapshot.catalog.id(typeName, $0).key })
        }
        // A tenant that lists users does not lock its own out: everybody may look at themselves.
        if case .user(let name) = principal.subject { members["users"]?.insert(ByteString(name)) }
        self.members = members
        catalog = snapshot.catalog
    }

    /// Whether everything is seen.
    public var isUnrestricted: Bool { members.isEmpty }

    /// Whether everything of a type is seen.
    public func seesAll(_ typeName: TypeName) -> Bool { members[typeName] == nil }

    /// The keys that can be seen of a type, ascending; nil if any can.
    public func keys(_ typeName: TypeName) -> [ByteString]? { members[typeName]?.sorted() }

    /// Whether the object `typeName`/`key` is seen.
    public func sees(_ typeName: TypeName, _ key: ByteString) -> Bool { members[typeName]?.contains(key) ?? true }

    /// Whether the object of `typeName` whose key reads `key` is seen.
    public func sees(_ typeName: TypeName, _ key: String) -> Bool {
        seesAll(typeName) || sees(typeName, catalog.id(typeName, key).key)
    }
}
