import Tracker

extension ObjectType {
    /// Plugins: configured instances of what a provider offers (C §5.3).
    static let plugins = ObjectType(
        "plugins", .plugin, key: .text("Name"), indexes: [.name, .text("Provider"), .list("Params")],
        references: [Reference("Provider", to: "plugin_providers")],
        traits: [.writable, .listed, .parameters], rules: PluginRules())

    /// Plug-in providers: what uploaded programs say of themselves; clients read them only (C §5.3).
    static let pluginProviders = ObjectType(
        "plugin_providers",
        ObjectSchema(
            "PluginProvider",
            Field.meta + Field.texts("Name", "Version", "Documentation", "Content")
                + Field.flags("AutoStart", "HasPublish") + Field.integers("PluginVersion")
                + Field.lists("RequiredParams", "OptionalParams")
                + [
                    Field("AvailableActions", .list(.record(availableAction))), Field("StoreObjects", .map(.any)),
                ]),
        key: .text("Name"), traits: [])

    private static let availableAction = ObjectSchema(
        "AvailableAction",
        Field.texts("Provider", "Model", "Command") + Field.lists("RequiredParams", "OptionalParams"))
}

extension ObjectSchema {
    /// A plugin, by itself or as part of an endpoint or version set.
    static let plugin = ObjectSchema(
        "Plugin",
        Field.common + Field.partialed + Field.description + Field.texts("Name", "Provider") + Field.params
            + [Field("PluginErrors", .list(.string), isServerSet: true)])
}
