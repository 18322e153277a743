import Basics
import JSON
public import Tracker

extension TypeName {
    /// The type of schedules.
    public static let schedules: TypeName = "schedules"
}

extension ObjectType {
    /// Schedules: when something is due, and what came of it. Clients read them; the server and its domains write them.
    ///
    /// - Parameter conventions: those of the facade that serves them: how clients spell filters, and what refusals say.
    static func schedules(_ conventions: Conventions) -> ObjectType {
        ObjectType(
            .schedules, ObjectSchema("Schedule", defined + kept), key: .text("Name"),
            indexes: [
                IndexDeclaration("Name", .string, isUnique: true, hasRegex: true), IndexDeclaration("Kind", .string),
                IndexDeclaration("Owner", .string), IndexDeclaration("Wake", .time, source: .wake),
                IndexDeclaration("Holder", .string, source: .holder),
            ],
            traits: [], conventions: conventions, rules: ScheduleRules())
    }

    /// What whoever makes a schedule says.
    private static let defined = [
        Field("Name", .string),
        Field("Description", .string, omitsEmpty: true),
        Field("Owner", .string, omitsEmpty: true),
        Field("Kind", .string),
        Field("Payload", .any, omitsEmpty: true),
        Field("Cron", .string, omitsEmpty: true),
        Field("TimeZone", .string, omitsEmpty: true),
        Field("Every", .string, omitsEmpty: true),
        Field("At", .time, omitsEmpty: true),
        Field("Jitter", .string, omitsEmpty: true),
        Field("CatchUp", .string, initial: "once"),
        Field("CatchUpLimit", .integer, omitsEmpty: true),
        Field("Paused", .boolean),
    ]

    /// The names of the fields that say what a schedule is.
    static let definedScheduleFields = defined.map(\.name)

    /// What the scheduler keeps of it.
    private static let kept = [
        Field("Next", .time, isServerSet: true, omitsEmpty: true),
        Field("Wake", .time, isServerSet: true, omitsEmpty: true),
        Field("Run", .record(run), isServerSet: true, omitsEmpty: true),
        Field("LastRun", .record(lastRun), isServerSet: true, omitsEmpty: true),
        Field("Failures", .integer, isServerSet: true, omitsEmpty: true),
    ]

    private static let run = ObjectSchema(
        "ScheduledRun",
        [
            Field("Due", .time), Field("Started", .time), Field("Attempt", .integer),
            Field("Holder", .string, omitsEmpty: true), Field("Until", .time, omitsEmpty: true),
        ])

    private static let lastRun = ObjectSchema(
        "FinishedRun",
        [
            Field("Due", .time), Field("Started", .time), Field("Finished", .time), Field("Attempts", .integer),
            Field("Succeeded", .boolean), Field("Message", .string),
        ])
}

extension IndexDeclaration.Source {
    /// When the scheduler has to look at a schedule; schedules of which nothing is due have no such time.
    static let wake = IndexDeclaration.Source.field("Wake")
    /// What declared it; schedules that were made otherwise have none.
    static let owner = IndexDeclaration.Source.field("Owner")
    /// The scheduler that runs it; schedules that are not running have none.
    static let holder = IndexDeclaration.Source.member(field: "Run", name: "Holder")
}
