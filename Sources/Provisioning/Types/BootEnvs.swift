import Tracker

extension ObjectType {
    /// Bootenvs: what a machine boots into over the network (C §5.1).
    ///
    /// - Parameter files: where kernels, initial RAM disks and ISO images are looked for.
    static func bootenvs(files: FileCatalog) -> ObjectType {
        ObjectType(
            "bootenvs",
            ObjectSchema(
                "BootEnv",
                Field.common + Field.description + Field.texts("Name", "Kernel", "BootParams")
                    + Field.lists("Initrds", "RequiredParams", "OptionalParams") + Field.flags("OnlyUnknown")
                    + [
                        Field("OS", .record(osInfo)), Field("Templates", .templates), Field("Loaders", .map(.string)),
                    ]),
            key: .text("Name"),
            indexes: [
                .name, .flag("OnlyUnknown"),
                IndexDeclaration("OsName", .string, hasRegex: true, source: .member(field: "OS", name: "Name")),
            ],
            references: [.templates], rules: BootEnvRules(files: files))
    }

    private static let osInfo = ObjectSchema(
        "OsInfo",
        Field.texts("Name", "Family", "Codename", "Version", "IsoFile", "IsoSha256", "IsoUrl")
            + [Field("SupportedArchitectures", .map(.record(archInfo)))])

    private static let archInfo = ObjectSchema(
        "ArchInfo",
        Field.texts("IsoFile", "Sha256", "IsoUrl", "Kernel", "BootParams", "Loader") + Field.lists("Initrds"))
}
