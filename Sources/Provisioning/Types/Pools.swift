import Tracker

extension ObjectType {
    /// Pools: what happens to machines on their way into and out of groups (C §5.3).
    static let pools = ObjectType(
        "pools",
        ObjectSchema(
            "Pool",
            Field.common + Field.texts("Id") + Field.optionalTexts("Description", "Documentation", "ParentPool")
                + ["EnterActions", "ExitActions", "AllocateActions", "ReleaseActions"].map {
                    Field($0, .record(transition), omitsEmpty: true)
                } + [Field("AutoFill", .record(autoFill), omitsEmpty: true)]),
        key: .text("Id"), indexes: [.id], rules: PoolRules())

    private static let transition = ObjectSchema(
        "PoolTransitionActions",
        Field.optionalTexts("Workflow")
            + ["AddProfiles", "RemoveProfiles", "RemoveParameters"].map {
                Field($0, .list(.string), omitsEmpty: true)
            } + [Field("AddParameters", .map(.any), omitsEmpty: true)])

    private static let autoFill = ObjectSchema(
        "PoolAutoFill",
        Field.optionalTexts("AcquirePool", "ReturnPool")
            + [
                Field("UseAutoFill", .boolean, omitsEmpty: true), Field("MinFree", .integer, omitsEmpty: true),
                Field("MaxFree", .integer, omitsEmpty: true), Field("CreateParameters", .map(.any), omitsEmpty: true),
            ])
}
