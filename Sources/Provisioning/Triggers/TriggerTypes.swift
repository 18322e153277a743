import JSON
import Tracker

extension ObjectType {
    /// Blueprints: tasks that are run on machines when something wants that, beside their workflows (C §21).
    static let blueprints = ObjectType(
        "blueprints",
        ObjectSchema(
            "Blueprint",
            Field.common + Field.description + Field.texts("Name", "Context") + Field.lists("Tasks", "Profiles")
                + Field.params),
        key: .text("Name"), indexes: [.name, .list("Tasks"), .list("Params")],
        references: [
            Reference("Tasks", to: "tasks", isList: true, entry: TaskEntry.target),
            Reference("Profiles", to: "profiles", isList: true),
        ], traits: [.writable, .listed, .parameters], rules: BlueprintRules())

    /// Trigger providers: the kinds of occasions on which a trigger can fire.
    static let triggerProviders = ObjectType(
        "trigger_providers",
        ObjectSchema(
            "TriggerProvider",
            Field.common + Field.description + Field.texts("Name", "Method") + Field.flags("NoURL")
                + Field.lists("RequiredParameters", "OptionalParameters", "Profiles") + Field.params),
        key: .text("Name"), indexes: [.name], traits: [.listed])

    /// Triggers: on which occasion a blueprint is run, and on which machines.
    static let triggers = ObjectType(
        "triggers",
        ObjectSchema(
            "Trigger",
            Field.common + Field.description
                + Field.texts("Name", "TriggerProvider", "Blueprint", "Filter", "StoreDataInParameter")
                + Field.flags("AllInFilter", "Enabled", "MergeDataIntoParams", "QueueMode")
                + Field.integers("FilterCount") + Field.lists("Profiles", "WorkOrderProfiles") + Field.params
                + [
                    Field("WorkOrderParams", .map(.any)), Field("LastModifiedBy", .string, isServerSet: true),
                ]),
        key: .text("Name"), indexes: [.name, .text("TriggerProvider"), .text("Blueprint"), .flag("Enabled")],
        references: [Reference("Blueprint", to: "blueprints"), Reference("TriggerProvider", to: "trigger_providers")],
        traits: [.writable, .listed, .parameters], rules: TriggerRules(), effects: [TriggerEffects()])

    /// Work orders: one run of a blueprint's tasks on one machine.
    static let workOrders = ObjectType(
        "work_orders",
        ObjectSchema(
            "WorkOrder",
            Field.common + Field.texts("Blueprint", "Context", "State", "Status", "Trigger", "Event")
                + Field.lists("Tasks", "Profiles") + Field.flags("Archived") + Field.params
                + [
                    Field("Uuid", .uuid), Field("Machine", .uuid), Field("CreateTime", .time, isServerSet: true),
                    Field("StartTime", .time, isServerSet: true), Field("EndTime", .time, isServerSet: true),
                    Field("CurrentJob", .uuid, isServerSet: true),
                    Field(WorkOrderState.indexedField, .uuid, isServerSet: true, omitsEmpty: true),
                    Field("Suspended", .record(suspended), isServerSet: true, omitsEmpty: true),
                ]),
        key: .uuid("Uuid"),
        indexes: [
            IndexDeclaration("Uuid", .uuid, isUnique: true), IndexDeclaration("Machine", .uuid), .text("State"),
            .text("Blueprint"), .text("Trigger"),
        ],
        lookups: [IndexDeclaration(WorkOrderState.indexedField, .uuid)],
        references: [Reference("Tasks", to: "tasks", isList: true, entry: TaskEntry.target)],
        mentions: { order in
            order.text("Machine").isEmpty ? [] : [ObjectID("machines", ByteString(order.text("Machine")))]
        },
        traits: [.writable, .listed, .parameters], rules: WorkOrderRules(), effects: [WorkOrderEffects()])

    /// What the machine was at before the order.
    private static let suspended = ObjectSchema(
        "SuspendedWork",
        [
            Field("CurrentTask", .integer), Field("TaskList", .list(.string)), Field("Job", .uuid),
            Field("Context", .string),
        ])
}
