import Tracker

extension ObjectType {
    /// Tasks: the scripts and files that a runner carries out as one job (C §5.1).
    static let tasks = ObjectType(
        "tasks",
        ObjectSchema(
            "Task",
            Field.common + Field.description + Field.texts("Name")
                + Field.lists("RequiredParams", "OptionalParams", "Prerequisites")
                + [
                    Field("Templates", .templates),
                    Field("ExtraRoles", .list(.string), omitsEmpty: true),
                    Field("ExtraClaims", .claims, omitsEmpty: true),
                ]),
        key: .text("Name"), indexes: [.name],
        references: [Reference("Prerequisites", to: "tasks", isList: true), .templates], rules: TaskRules())
}
