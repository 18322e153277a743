import Tracker

extension ObjectType {
    /// Profiles: named sets of param values, which may include other sets (C §5.1).
    static let profiles = ObjectType(
        "profiles",
        ObjectSchema(
            "Profile",
            Field.common + Field.partialed + Field.description + Field.texts("Name") + Field.lists("Profiles")
                + Field.params),
        key: .text("Name"), indexes: [.name, .list("Params")],
        references: [Reference("Profiles", to: "profiles", isList: true)],
        traits: [.writable, .listed, .parameters], rules: ProfileRules())
}
