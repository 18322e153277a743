public import Content
import JSON
import Provisioning
public import Tracker

/// The content pack that a plug-in provider brings, which is a layer of its name (C §14.1, §18).
public struct ProviderContent: Sendable {
    /// The provider.
    public let definition: ProviderDefinition

    /// The content of a provider.
    public init(_ definition: ProviderDefinition) { self.definition = definition }

    /// The layer; nil if the provider brings no content.
    ///
    /// - Parameter stack: what is there already, for prerequisites.
    /// - Throws: what is wrong with the content.
    public func layer(_ packs: ContentPacks, over stack: LayerStack?) throws(TrackerError) -> Layer? {
        guard !definition.content.isEmpty else { return nil }
        let content = try packs.content(ofYAML: definition.content)
        return try packs.layer(from: content, kind: .plugin, name: definition.name, over: stack)
    }
}

extension ProviderDefinition {
    /// Has a draft hold the provider's object, its layer, and the plug-in that starts by itself.
    func put(in draft: inout Draft, _ layer: Layer?) throws(TrackerError) {
        let fresh = object
        if draft.view.contains("plugin_providers", name) {
            try draft.updateAsServer("plugin_providers", at: name) { $0 = fresh }
        } else {
            try draft.createAsServer("plugin_providers", fresh)
        }
        let present = draft.view.stack[name]
        guard present.map({ $0.kind == .plugin }) ?? true else {
            throw TrackerError(.packRefused, "contents", key: name, "Content \(name) already exists")
        }
        if let layer { _ = try draft.push(layer) } else if present != nil { try draft.removePack(name) }
        for type in rawTypes { try draft.showPackObjects(of: type.typeName) }
        guard isAutoStarting, !draft.view.contains("plugins", name) else { return }
        try draft.createAsServer(
            "plugins", ["Name": .string(name), "Provider": .string(name), "Meta": object["Meta"] ?? [:]])
    }
}
