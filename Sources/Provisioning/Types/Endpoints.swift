import Tracker

extension ObjectType {
    /// Endpoints: other servers that a manager looks after (C §5.3).
    static let endpoints = ObjectType(
        "endpoints", ObjectSchema("Endpoint", Field.common + Field.texts("Id") + endpointFields), key: .text("Id"),
        indexes: [.id], traits: [.writable, .listed, .parameters], rules: EndpointRules())

    private static let endpointFields: [Field] =
        Field.optionalTexts(
            "Description", "Documentation", "ConnectionStatus", "VersionSet", "HaId", "Arch", "Os", "DRPVersion",
            "DRPUXVersion")
        + [
            Field("Params", .map(.any), omitsEmpty: true),
            Field("VersionSets", .list(.string), omitsEmpty: true),
            Field("Apply", .boolean, omitsEmpty: true),
            Field("Components", .list(.record(.element)), omitsEmpty: true),
            Field("Plugins", .list(.record(.plugin)), omitsEmpty: true),
            Field("Prefs", .map(.string), omitsEmpty: true),
            Field("Global", .map(.any), omitsEmpty: true),
            Field("Actions", .list(.record(.elementAction)), omitsEmpty: true),
        ]
}
