import Basics
public import JSON
public import Tracker

/// What a principal may get of a state: the one answer behind objects, lists, counts, events, histories, explanations, change
/// sets and dry runs.
///
/// An object is seen if the principal's tenant lists it, as far as the tenant lists objects of its type at all, and if the
/// principal's claims cover getting it (C §11.3, §11.4).
public struct ReadAuthorization: Sendable {
    private let principal: Principal
    private let tenantFilter: TenantFilter
    private let catalog: Catalog

    /// What `principal` sees where `snapshot` is the newest state. Takes time proportional to the tenant's members.
    public init(_ principal: Principal, _ snapshot: Snapshot) {
        self.principal = principal
        catalog = snapshot.catalog
        tenantFilter = TenantFilter(principal, snapshot)
    }

    /// Whether everything is seen that anybody sees.
    public var isUnrestricted: Bool { principal.isSuperuser && tenantFilter.isUnrestricted }

    /// What is seen of the objects of a type, or of what else is called so in claims and events.
    public subscript(typeName: TypeName) -> OfType {
        OfType(typeName, catalog[typeName]?.ownerField, principal, tenantFilter)
    }

    /// Whether the object `id` is seen.
    ///
    /// - Parameter snapshot: where to look up what claims on it are about; for objects that are not there this is their key.
    public func sees(_ id: ObjectID, in snapshot: Snapshot) -> Bool {
        if snapshot.catalog[id.typeName]?.isSecret == true { return false }
        if isUnrestricted { return true }
        return self[id.typeName].sees(id.key, claimed: claimed(id, snapshot))
    }

    private func claimed(_ id: ObjectID, _ snapshot: Snapshot) -> String {
        snapshot.catalog[id.typeName]?.owner(id.key, snapshot[id]) ?? id.key.string
    }
}

extension ReadAuthorization {
    /// What is seen of one type.
    public struct OfType: Sendable {
        /// Whether all there is is seen.
        public let isUnrestricted: Bool

        private let typeName: TypeName
        private let ownerField: String?
        private let principal: Principal
        private let tenantFilter: TenantFilter
        /// What has to be claimed; nil if nothing has, or if it is claimed of everything.
        private let action: String?

        fileprivate init(
            _ typeName: TypeName, _ ownerField: String?, _ principal: Principal, _ tenantFilter: TenantFilter
        ) {
            (self.typeName, self.principal, self.tenantFilter) = (typeName, principal, tenantFilter)
            self.ownerField = ownerField
            let action = Self.action(typeName, principal.claims.scopes)
            let isCovered = action.map { principal.claims.satisfies([Claim(typeName.rawValue, $0, "*")]) } ?? true
            self.action = isCovered ? nil : action
            isUnrestricted = isCovered && tenantFilter.seesAll(typeName)
        }

        /// Whether the object `key` is seen.
        ///
        /// - Parameter claimed: what claims on it must be about.
        public func sees(_ key: ByteString, claimed: String) -> Bool {
            isUnrestricted || tenantFilter.sees(typeName, key) && covers(claimed)
        }

        /// Whether `object` is seen.
        public func sees(_ object: StoredObject) -> Bool {
            sees(object.key, claimed: object.owner(by: ownerField))
        }

        /// The keys that the tenant lists, ascending; nil if it does not list the type.
        public var candidates: [ByteString]? { tenantFilter.keys(typeName) }

        /// Whether the tenant lists the object `key`, or does not list the type.
        public func isListed(_ key: ByteString) -> Bool { tenantFilter.sees(typeName, key) }

        /// Whether the tenant lists the object whose key reads `key`, or does not list the type.
        public func isListed(_ key: String) -> Bool { tenantFilter.sees(typeName, key) }

        /// Whether the claims cover what is about `claimed`.
        public func covers(_ claimed: String) -> Bool {
            guard let action else { return true }
            return principal.claims.satisfies([Claim(typeName.rawValue, action, claimed)])
        }

        /// The action that shows an object. What can only be listed is shown to those who may list it, events that are not of
        /// objects to those whom the model says, and what nobody can claim to all who are known.
        private static func action(_ typeName: TypeName, _ scopes: Scopes) -> String? {
            if let action = scopes.model.scopes.eventActions[typeName] { return action }
            guard let known = scopes.actions(of: typeName.rawValue) else { return nil }
            return known.contains("get") ? "get" : "list"
        }
    }
}

extension ObjectType {
    /// What claims on an object must be about: its key, or that of what it belongs to (C §11.3).
    public func owner(_ key: ByteString, _ object: StoredObject?) -> String {
        object.map { $0.owner(by: ownerField) } ?? key.string
    }

    /// What claims on an object that is not stored yet must be about.
    public func owner(of object: JSONObject) -> String {
        ownerField.map { object.text($0) } ?? key.key(of: object)
    }
}

extension StoredObject {
    /// The key of what the object belongs to by `field`; its own where that is nil.
    fileprivate func owner(by field: String?) -> String {
        guard let field else { return key.string }
        return document.member(field)?.string ?? ""
    }
}
