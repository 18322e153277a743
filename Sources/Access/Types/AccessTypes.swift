import JSON
public import Tracker

/// The object types of access control (C §5.1).
public enum AccessTypes {
    /// Users, roles and tenants.
    ///
    /// - Parameters:
    ///   - scopes: what roles may claim and tenants may list.
    ///   - conventions: what they have in common with the types of the server's first domain.
    static func all(scopes: Scopes, conventions: Conventions) -> [ObjectType] {
        [users(conventions), roles(scopes, conventions), tenants(scopes, conventions)]
    }

    /// The domains of a server, with users, roles and tenants among them, and guarded: tenants' lists of members keep track of all
    /// objects, and the values of secure parameters are sealed.
    ///
    /// - Parameters:
    ///   - domains: all others.
    ///   - scopes: what roles may claim and tenants may list.
    ///   - conventions: what the three types have in common with those of the server's first domain.
    public static func guarding(_ domains: [Domain], scopes: Scopes, conventions: Conventions) -> [Domain] {
        let access = Domain("access", typePrefix: nil, types: all(scopes: scopes, conventions: conventions))
        let guarded = (domains + [access]).map { $0.mapTypes { $0.adding(TenantTracking()) } }
        let parameters = guarded.flatMap(\.types).compactMap(\.parameters)
        return guarded.map { $0.mapTypes { sealed($0, parameters) } }
            + [Domain("sealing", typePrefix: nil, types: [SealingKeys.type])]
    }

    /// The type with effects that seal values (C §9).
    private static func sealed(_ type: ObjectType, _ parameters: [ParameterConventions]) -> ObjectType {
        if let declared = parameters.first(where: { $0.declaredBy == type.typeName }) {
            return type.adding(SecureParamEffects(parameters: declared))
        }
        guard let parameters = type.parameters else { return type }
        let sealing = SealedParams(rules: type.rules, parameters: parameters)
        return type.adding(sealing, under: sealing)
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
