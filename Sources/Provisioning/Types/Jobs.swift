import JSON
import Tracker

extension ObjectType {
    /// Jobs: one run of one task on one machine (C §5.1).
    static let jobs = ObjectType(
        "jobs",
        ObjectSchema(
            "Job",
            Field.common + Field.texts("Task", "Stage", "Context", "State", "ExitState", "Workflow", "BootEnv")
                + Field.flags("Archived", "Current") + Field.integers("CurrentIndex", "NextIndex")
                + Field.optionalTexts("Token")
                + [
                    Field("Uuid", .uuid), Field("Previous", .uuid), Field("Machine", .uuid),
                    Field("StartTime", .time), Field("EndTime", .time),
                    Field("ExtraClaims", .claims, omitsEmpty: true),
                ]),
        key: .uuid("Uuid"),
        indexes: [
            IndexDeclaration("Uuid", .uuid, isUnique: true), IndexDeclaration("Machine", .uuid),
            IndexDeclaration("Previous", .uuid), .text("Task"), .text("Stage"), .text("State"), .text("BootEnv"),
            .text("Workflow"), .flag("Archived"), IndexDeclaration("Current", .boolean), .time("StartTime"),
            .time("EndTime"),
        ],
        ownerField: "Machine",
        mentions: { job in
            job.text("Machine").isEmpty ? [] : [ObjectID("machines", ByteString(job.text("Machine")))]
        },
        rules: JobRules(), effects: [JobOutcome(), PoolHold(), JobWorkOrders()])
}

extension IndexDeclaration {
    /// A point in time, whose refusal is the parser's own sentence.
    fileprivate static func time(_ name: String) -> IndexDeclaration {
        IndexDeclaration(
            name, .time,
            refusal: "parsing time \"%v\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"%v\" as \"2006\"")
    }
}
