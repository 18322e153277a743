import JSON
public import Tracker

/// What a principal may get of a state: the one answer behind objects, lists, counts, events, histories, explanations, change
/// sets and dry runs.
///
/// An object is seen if the principal's tenant lists it, as far as the tenant lists objects of its type at all, and if the
/// principal's claims cover getting it (C §11.3, §11.4).
public struct ReadAuthorization: Sendable {
    private let principal: Principal
    private let visibility: TenantFilter

    /// What `principal` sees where `snapshot` is the newest state. Takes time proportional to the tenant's members.
    public init(_ principal: Principal, _ snapshot: Snapshot) {
        self.principal = principal
        visibility = TenantFilter(principal, snapshot)
    }

    /// Whether everything is seen that anybody sees.
    public var isUnrestricted: Bool { principal.isSuperuser && visibility.isUnrestricted }

    /// What is seen of the objects of a type, or of what else is called so in claims and events.
    public subscript(prefix: TypeName) -> OfType { OfType(prefix, principal, visibility) }

    /// Whether the object `id` is seen.
    ///
    /// - Parameter snapshot: where to look up what claims on it are about; for objects that are not there this is their key.
    public func sees(_ id: ObjectID, in snapshot: Snapshot) -> Bool {
        if snapshot.catalog[id.prefix]?.isSecret == true { return false }
        if isUnrestricted { return true }
        return self[id.prefix].sees(id.key, claimed: Self.claimed(id, snapshot[id]))
    }

    /// What claims on an object must be about: its key, but of a job its machine (C §11.3).
    public static func claimed(_ id: ObjectID, _ object: StoredObject?) -> String {
        guard id.prefix == "jobs", let object else { return id.key.string }
        return object.document.member("Machine")?.string ?? ""
    }
}

extension ReadAuthorization {
    /// What is seen of one type.
    public struct OfType: Sendable {
        /// Whether all there is is seen.
        public let isUnrestricted: Bool

        private let prefix: TypeName
        private let principal: Principal
        private let visibility: TenantFilter
        /// What has to be claimed; nil if nothing has, or if it is claimed of everything.
        private let action: String?

        fileprivate init(_ prefix: TypeName, _ principal: Principal, _ visibility: TenantFilter) {
            (self.prefix, self.principal, self.visibility) = (prefix, principal, visibility)
            let action = Self.action(prefix, principal.claims.scopes)
            let isCovered = action.map { principal.claims.satisfies([Claim(prefix.rawValue, $0, "*")]) } ?? true
            self.action = isCovered ? nil : action
            isUnrestricted = isCovered && visibility.seesAll(prefix)
        }

        /// Whether the object `key` is seen.
        ///
        /// - Parameter claimed: what claims on it must be about.
        public func sees(_ key: ByteString, claimed: String) -> Bool {
            isUnrestricted || visibility.sees(prefix, key) && covers(claimed)
        }

        /// Whether `object` is seen.
        public func sees(_ object: StoredObject) -> Bool {
            sees(object.key, claimed: ReadAuthorization.claimed(ObjectID(prefix, object.key), object))
        }

        /// The keys that the tenant lists, ascending; nil if it does not list the type.
        public var candidates: [ByteString]? { visibility.keys(prefix) }

        /// Whether the tenant lists the object `key`, or does not list the type.
        public func isListed(_ key: ByteString) -> Bool { visibility.sees(prefix, key) }

        /// Whether the claims cover what is about `claimed`.
        public func covers(_ claimed: String) -> Bool {
            guard let action else { return true }
            return principal.claims.satisfies([Claim(prefix.rawValue, action, claimed)])
        }

        /// The action that shows an object. Preferences can only be listed, log lines are for those who may read the log, and
        /// what nobody can claim is open to all who are known.
        private static func action(_ prefix: TypeName, _ scopes: Scopes) -> String? {
            if prefix == "logs" { return "list" }
            guard let known = scopes.actions(of: prefix.rawValue) else { return nil }
            return known.contains("get") ? "get" : "list"
        }
    }
}
