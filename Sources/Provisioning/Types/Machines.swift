import JSON
import Tracker

extension ObjectType {
    /// Machines: what is provisioned (C §5.1).
    static let machines = ObjectType(
        "machines", ObjectSchema("Machine", Field.common + Field.partialed + machineFields),
        key: .uuid("Uuid"),
        indexes: [
            IndexDeclaration("Uuid", .uuid, isUnique: true), .name, .address("Address", refusal: "Invalid address: %v"),
            .text("BootEnv"), .text("Stage"), .text("Workflow"), .flag("Runnable"), .list("Params"), .list("Profiles"),
        ],
        lookups: [
            IndexDeclaration("HardwareAddrs", .hardwareAddress), IndexDeclaration(TaskRetries.indexedField, .integer),
            IndexDeclaration("Pool", .string),
        ]
            + (MachineIdentity.indexed + [MachineIdentity.memory]).map {
                IndexDeclaration("Fingerprint", .string, source: $0)
            },
        references: [
            Reference("BootEnv", to: "bootenvs", watching: ["OnlyUnknown"]), Reference("Stage", to: "stages"),
            Reference("Workflow", to: "workflows"), Reference("Profiles", to: "profiles", isList: true),
            Reference("Tasks", to: "tasks", isList: true, entry: TaskEntry.target),
        ],
        traits: [.writable, .listed, .parameters], rules: MachineRules(),
        effects: [MachineWorkOrders(), PoolProgress()])

    private static let machineFields: [Field] =
        Field.texts(
            "Name", "Description", "Stage", "BootEnv", "OS", "Workflow", "Context", "Pool", "PoolStatus")
        + Field.lists("Profiles", "Tasks")
        + Field.integers("CurrentTask", "RetryTaskAttempt")
        + Field.flags("Runnable", "Locked", "PoolAllocated")
        + Field.params
        + [
            Field("Uuid", .uuid),
            Field("Secret", .string, isSecret: true),
            Field("CurrentJob", .uuid, isServerSet: true),
            Field("Address", .address),
            Field("HardwareAddrs", .list(.hardwareAddress)),
            Field("Arch", .string, initial: "amd64"),
            Field("WorkflowComplete", .boolean, isServerSet: true),
            Field("TaskErrorStacks", .list(.record(taskStack))),
            Field("Fingerprint", .record(fingerprint)),
        ]

    private static let taskStack = ObjectSchema(
        "TaskStack", [Field("CurrentTask", .integer), Field("TaskList", .list(.string))])

    private static let fingerprint = ObjectSchema(
        "MachineFingerprint",
        [
            Field("SSNHash", .bytes), Field("CSNHash", .bytes), Field("CloudInstanceID", .string),
            Field("SystemUUID", .string), Field("MemoryIds", .list(.bytes)),
        ])
}
