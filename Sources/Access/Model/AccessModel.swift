import Basics
public import Tracker

/// What access control is told of the domains whose objects it guards, as data: beside users, roles and tenants it knows no type,
/// field or scope.
public final class AccessModel: Sendable {
    /// What can be claimed beside the usual actions on the object types that there are.
    public let scopes: ScopeDeclarations
    /// The clients that act for an object rather than for a user.
    public let agents: [AgentModel]
    /// The settings of the server, as far as rights follow from them.
    public let settings: SettingsModel
    /// How values of parameters come from one object to another.
    public let parameterFlow: ParameterFlow
    /// The fields of any object that give rights to whatever works by it.
    public let grants: GrantFields
    /// What making objects of a type takes beside the right to make them.
    public let assignments: [TypeName: Assignment]
    /// The user that a new server starts with.
    public let firstUser: FirstUser
    /// The role that may do everything and cannot be removed.
    public let builtInRole: String
    /// What messages call the objects of a type, where that is not its schema's name.
    public let titles: [TypeName: String]
    /// The refusal of a text that is no duration.
    public let badDuration: @Sendable (String) -> String

    /// A model.
    public init(
        scopes: ScopeDeclarations, agents: [AgentModel], settings: SettingsModel, parameterFlow: ParameterFlow,
        grants: GrantFields, assignments: [TypeName: Assignment] = [:], firstUser: FirstUser, builtInRole: String,
        titles: [TypeName: String] = [:],
        badDuration: @escaping @Sendable (String) -> String
    ) {
        self.scopes = scopes
        self.agents = agents
        self.settings = settings
        self.parameterFlow = parameterFlow
        self.grants = grants
        self.assignments = assignments
        self.firstUser = firstUser
        self.builtInRole = builtInRole
        self.titles = titles
        self.badDuration = badDuration
    }

    /// The agents called `kind`; nil if there are none.
    func agent(_ kind: String) -> AgentModel? { agents.first { $0.kind.hasSameUTF8(as: kind) } }

    /// The agents that act for objects of `typeName`; nil if none do.
    func agent(of typeName: TypeName) -> AgentModel? { agents.first { $0.typeName == typeName } }
}

/// Clients that act for an object, with a token that stands for it.
public struct AgentModel: Sendable {
    /// What they are called before the object's key, as `user` is before a user's name.
    public let kind: String
    /// The type of the objects that they act for.
    public let typeName: TypeName
    /// The field with the object's secret, which ends its tokens when it changes.
    public let secretField: String
    /// The types whose objects they may name in their object without seeing them: those lead them there.
    public let followedTypes: Set<TypeName>
    /// The types whose objects they may name unseen if no sealed value comes with them.
    public let openTypes: Set<TypeName>

    /// Agents of a kind.
    public init(
        _ kind: String, of typeName: TypeName, secretField: String, followedTypes: Set<TypeName> = [],
        openTypes: Set<TypeName> = []
    ) {
        self.kind = kind
        self.typeName = typeName
        self.secretField = secretField
        self.followedTypes = followedTypes
        self.openTypes = openTypes
    }
}

/// The settings of a server: objects of one type, which are claimed and written as a whole.
public struct SettingsModel: Sendable {
    /// The type of the settings.
    public let typeName: TypeName
    /// What refusals call the type.
    public let title: TypeName
    /// The field with a setting's value.
    public let valueField: String
    /// The one action that writing any of them takes.
    public let writeAction: String
    /// The settings that hold the secrets behind tokens: what signs them, and what all of them depend on.
    public let (signingSecret, systemSecret): (String, String)

    /// Settings of a type.
    public init(
        _ typeName: TypeName, title: TypeName, valueField: String, writeAction: String, signingSecret: String,
        systemSecret: String
    ) {
        (self.typeName, self.title, self.valueField) = (typeName, title, valueField)
        self.writeAction = writeAction
        (self.signingSecret, self.systemSecret) = (signingSecret, systemSecret)
    }
}

/// How values of parameters come from one object to another, and so to whoever may open them there.
public struct ParameterFlow: Sendable {
    /// The types through which values come to others.
    public let carriers: Set<TypeName>
    /// The types without parameters whose objects lead to carriers.
    public let leads: Set<TypeName>

    /// A flow.
    public init(carriers: Set<TypeName>, leads: Set<TypeName>) { (self.carriers, self.leads) = (carriers, leads) }
}

/// Objects that have something done to another one: to make them takes a right to that.
public struct Assignment: Sendable {
    /// The field with the other object's key.
    public let field: String
    /// The type of the other object.
    public let typeName: TypeName
    /// The action that it takes on the other object.
    public let action: String

    /// An assignment.
    public init(_ field: String, of typeName: TypeName, action: String) {
        (self.field, self.typeName, self.action) = (field, typeName, action)
    }
}

/// The fields of objects that give rights to whatever works by them.
public struct GrantFields: Sendable {
    /// Lists of names of roles.
    public let roles: [String]
    /// Lists of claims.
    public let claims: [String]

    /// Fields of these names.
    public init(roles: [String], claims: [String]) { (self.roles, self.claims) = (roles, claims) }
}
