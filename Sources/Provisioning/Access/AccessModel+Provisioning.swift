public import Access
import Basics
import Tracker

extension AccessModel {
    /// What rights follow from in dr-provision's types (C §11).
    public static let provisioning = AccessModel(
        scopes: .provisioning,
        agents: [
            AgentModel(
                MachineClaims.runner, of: "machines", secretField: "Secret",
                followedTypes: ["stages", "bootenvs", "workflows", "tasks"], openTypes: ["profiles"])
        ],
        settings: SettingsModel(
            "preferences", title: "prefs", valueField: "Val", writeAction: "post",
            signingSecret: PreferenceName.baseTokenSecret.rawValue,
            systemSecret: PreferenceName.systemGrantorSecret.rawValue),
        parameterFlow: ParameterFlow(
            carriers: ["profiles", "stages", "workflows"], leads: ["workflows", "preferences"]),
        grants: GrantFields(roles: ["ExtraRoles"], claims: ["ExtraClaims"]),
        assignments: ["work_orders": Assignment("Machine", of: "machines", action: "updateTaskList")],
        firstUser: DefaultUser.account, builtInRole: "superuser", titles: ["bootenvs": "Bootenv"],
        badDuration: { "strconv.ParseInt: parsing \"\($0)\": invalid syntax" })
}

extension ScopeDeclarations {
    /// dr-provision's scopes (C §11.2).
    static let provisioning = ScopeDeclarations(
        present: ["interfaces", "plugin_providers"],
        added: [
            "jobs": ["log"],
            "machines": Scopes.secure.union(["updateTaskList", "token", "whoami"]),
            "plugins": Scopes.secure,
            "profiles": Scopes.secure,
            "stages": Scopes.secure,
        ],
        only: ["preferences": ["list", "post"]],
        others: [
            "contents": ["list", "get", "create", "update", "delete"],
            "files": ["list", "get", "post", "delete"],
            "isos": ["list", "get", "post", "delete"],
            "info": ["get"],
            "system": ["upgrade", "replicate", "active", "passive"],
            "objects": ["list"],
        ],
        unsealable: ["endpoints"],
        memberActions: [MemberAction(scope: "machines", member: "Tasks", action: "updateTaskList")],
        eventActions: ["logs": "list"])
}

/// The user that a new server starts with (C §11.1).
public enum DefaultUser {
    /// The name.
    public static let name = "rocketskates"
    /// The password, until it is changed, of a server that is given no other. Everybody can look it up.
    public static let password = "r0cketsk8ts"
    /// The user.
    public static let account = FirstUser(name: name, password: password, role: "superuser")
}
