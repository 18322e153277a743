import Tracker

extension ObjectType {
    /// Workflows: lists of stages (C §5.1).
    static let workflows = ObjectType(
        "workflows",
        ObjectSchema("Workflow", Field.common + Field.description + Field.texts("Name") + Field.lists("Stages")),
        key: .text("Name"), indexes: [.name, .list("Stages")],
        references: [Reference("Stages", to: "stages", isList: true)], rules: WorkflowRules())
}
