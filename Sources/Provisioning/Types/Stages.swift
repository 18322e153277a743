import JSON
import Tracker

extension ObjectType {
    /// Stages: the tasks, profiles and bootenv that make up a step of a workflow (C §5.1).
    static let stages = ObjectType(
        "stages",
        ObjectSchema(
            "Stage",
            Field.common + Field.partialed + Field.description + Field.texts("Name", "BootEnv")
                + Field.lists("RequiredParams", "OptionalParams", "Tasks", "Profiles") + Field.flags("Reboot")
                + Field.params
                + [
                    Field("Templates", .templates),
                    // Long without meaning, yet always true on the wire (C §4.4).
                    Field("RunnerWait", .boolean, initial: true, isServerSet: true),
                ]),
        key: .text("Name"),
        indexes: [.name, .text("BootEnv"), .flag("Reboot"), .list("Params"), .list("Profiles"), .list("Tasks")],
        references: [
            Reference("BootEnv", to: "bootenvs", watching: ["OnlyUnknown"]),
            Reference("Tasks", to: "tasks", isList: true, entry: TaskEntry.target),
            Reference("Profiles", to: "profiles", isList: true), .templates,
        ],
        traits: [.writable, .listed, .parameters], rules: StageRules())
}

extension Reference {
    /// The shared templates that a bootenv, stage or task uses.
    static let templates = Reference(.elements(field: "Templates", member: "ID"), to: "templates", isList: true)
}
