import Tracker

extension ObjectType {
    /// Version sets: the software and content that endpoints are to have (C §5.3).
    static let versionSets = ObjectType(
        "version_sets",
        ObjectSchema(
            "VersionSet",
            Field.common + Field.description + Field.texts("Id", "DRPVersion", "DRPUXVersion") + Field.flags("Apply")
                + [
                    Field("Components", .list(.record(.element))), Field("Plugins", .list(.record(.plugin))),
                    Field("Prefs", .map(.string)), Field("Global", .map(.any)),
                    Field("Files", .list(.record(fileData))),
                ]),
        key: .text("Id"), indexes: [.id])

    private static let fileData = ObjectSchema(
        "FileData", Field.texts("Path", "Sha256Sum", "Source") + Field.flags("Explode"))
}
