public import Basics
public import Tracker

/// What can be claimed beside the usual actions on object types, as the domains of a server declare it (C §11.2).
public struct ScopeDeclarations: Sendable {
    /// Scopes of object types that are there whether the server has the type or not.
    public let present: Set<Identifier>
    /// Further actions of object types.
    public let added: [Identifier: Set<Identifier>]
    /// The only actions of object types that do not have the usual ones.
    public let only: [Identifier: Set<Identifier>]
    /// Scopes that are no object types, with their actions.
    public let others: [Identifier: Set<Identifier>]
    /// Object types with parameters on which there is no claim to sealed values.
    public let unsealable: Set<TypeName>
    /// Actions that cover a change of one member, and of all that is in it.
    public let memberActions: [MemberAction]
    /// What shows events that are not of objects, by their type.
    public let eventActions: [TypeName: String]

    /// An action that covers the update of a member.
    public struct MemberAction: Sendable {
        /// The scope.
        public let scope: String
        /// The member.
        public let member: String
        /// The action.
        public let action: String

        /// The action that covers changes of `member` in `scope`.
        public init(scope: String, member: String, action: String) {
            (self.scope, self.member, self.action) = (scope, member, action)
        }
    }

    /// Declarations.
    public init(
        present: Set<Identifier> = [], added: [Identifier: Set<Identifier>] = [:],
        only: [Identifier: Set<Identifier>] = [:], others: [Identifier: Set<Identifier>] = [:],
        unsealable: Set<TypeName> = [], memberActions: [MemberAction] = [], eventActions: [TypeName: String] = [:]
    ) {
        self.present = present
        self.added = added
        self.only = only
        self.others = others
        self.unsealable = unsealable
        self.memberActions = memberActions
        self.eventActions = eventActions
    }
}
