import JSON
public import Tracker

/// The object types of access control (C §5.1).
public enum AccessTypes {
    /// Users, roles and tenants.
    ///
    /// - Parameters:
    ///   - scopes: what roles may claim and tenants may list.
    ///   - conventions: what they have in common with the types of the server's first domain.
    public static func all(scopes: Scopes, conventions: Conventions) -> [ObjectType] {
        [users(conventions), roles(scopes, conventions), tenants(scopes, conventions)]
    }

    /// The same types, of whose objects tenants' lists of members keep track (C §4.4).
    ///
    /// - Parameter types: all types of a catalog.
    public static func trackingMembers(_ types: [ObjectType]) -> [ObjectType] {
        types.map { $0.adding(TenantTracking()) }
    }

    /// The same types, the values of whose secure params are sealed, and the type that keeps the keys (C §9).
    ///
    /// - Parameter types: all types of a catalog.
    public static func sealing(_ types: [ObjectType]) -> [ObjectType] {
        let sealed = types.map { type in
            if type.typeName == "params" { return type.adding(SecureParamEffects()) }
            guard type.traits.contains(.parameters) else { return type }
            let sealing = SealedParams(rules: type.rules)
            return type.adding(sealing, under: sealing)
        }
        return sealed + [SealingKeys.type]
    }

    /// The indexes that the three types have beyond the base ones (C §7.1).
    private static let indexes = [IndexDeclaration("Name", .string, isUnique: true, hasRegex: true)]

    /// People and programs that log in.
    private static func users(_ conventions: Conventions) -> ObjectType {
        ObjectType(
            "users",
            ObjectSchema(
                "User",
                conventions.commonFields + [
                    Field("Name", .string), Field("Description", .string), Field("Secret", .string, isSecret: true),
                    Field("Roles", .list(.string)), Field("PasswordHash", .bytes, omitsEmpty: true, isHidden: true),
                ]),
            key: .text("Name"), indexes: indexes, references: [Reference("Roles", to: "roles", isList: true)],
            traits: traits, conventions: conventions, rules: UserRules())
    }

    private static let traits: ObjectType.Traits = [.writable, .listed, .decidesRights]

    /// Named lists of claims, which users hold.
    private static func roles(_ scopes: Scopes, _ conventions: Conventions) -> ObjectType {
        let claim = ObjectSchema("Claim", ["scope", "action", "specific"].map { Field($0, .string) })
        return ObjectType(
            "roles",
            ObjectSchema("Role", described(conventions) + [Field("Claims", .list(.record(claim)))]),
            key: .text("Name"), indexes: indexes, traits: traits, conventions: conventions,
            rules: RoleRules(scopes: scopes))
    }

    /// Groups of users who see only some of the objects.
    private static func tenants(_ scopes: Scopes, _ conventions: Conventions) -> ObjectType {
        ObjectType(
            "tenants",
            ObjectSchema(
                "Tenant",
                described(conventions) + [Field("Members", .map(.list(.string))), Field("Users", .list(.string))]),
            key: .text("Name"), indexes: indexes, references: [Reference("Users", to: "users", isList: true)],
            mentions: members, traits: traits, conventions: conventions, rules: TenantRules(scopes: scopes))
    }

    /// The objects that a tenant lists: what shows to its users.
    private static let members: ObjectType.Mentions = { tenant in
        (tenant["Members"]?.objectValue ?? [:]).flatMap { typeName, keys in
            (keys.arrayValue ?? []).compactMap(\.stringValue).map { ObjectID(TypeName(typeName), ByteString($0)) }
        }
    }

    private static func described(_ conventions: Conventions) -> [Field] {
        conventions.commonFields + ["Name", "Description", "Documentation"].map { Field($0, .string) }
    }
}
