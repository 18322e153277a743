import Basics
public import JSON
public import Tracker

/// An action that a plug-in provider offers (C §10).
public struct AvailableAction: Sendable {
    /// The provider.
    public let provider: String
    /// The type of the objects that it is about; empty for the system as a whole.
    public let model: String
    /// Its name.
    public let command: String
    /// The params without which it cannot run.
    public let requiredParams: [String]
    /// The params that it looks at if there are any.
    public let optionalParams: [String]

    /// The action that a provider's object describes.
    init(_ value: JSONValue, of provider: String) {
        func text(_ name: String) -> String { value[name]?.stringValue ?? "" }
        func texts(_ name: String) -> [String] { (value[name]?.arrayValue ?? []).compactMap(\.stringValue) }
        self.provider = provider
        (model, command) = (text("Model"), text("Command"))
        (requiredParams, optionalParams) = (texts("RequiredParams"), texts("OptionalParams"))
    }

    /// The action as clients are told of it.
    public var value: JSONValue {
        [
            "Provider": .string(provider), "Model": .string(model), "Command": .string(command),
            "RequiredParams": JSONValue(requiredParams), "OptionalParams": JSONValue(optionalParams),
        ]
    }
}

/// An action, and a plug-in that offers it.
public struct OfferedAction: Sendable {
    /// The plug-in's name.
    public let plugin: String
    /// The action.
    public let action: AvailableAction
    /// Whether the plug-in can be asked for it.
    public let isAvailable: Bool
    /// Why it cannot.
    public let errors: [String]
}

extension Snapshot {
    /// The actions on objects of a type, each with a plug-in that offers it, in the order of the plug-ins' names.
    ///
    /// - Parameters:
    ///   - model: the type; empty for the system as a whole.
    ///   - plugin: the one plug-in that is to be asked; nil for any.
    public func offeredActions(on model: String, by plugin: String? = nil) -> [OfferedAction] {
        var found: [OfferedAction] = []
        self["plugins"]?.forEachObject { object in
            let name = object.key.string
            guard plugin.map({ name.hasSameUTF8(as: $0) }) ?? true,
                let provider = object.document.member("Provider")?.string,
                // Of the provider's object only that: its content may be large.
                let actions = self.object("plugin_providers", provider)?.document.member("AvailableActions")?.value()
            else { return true }
            let isAvailable = object.document.member("Available")?.bool ?? true
            let errors = isAvailable ? [] : object.document.member("Errors")?.elements.compactMap(\.string) ?? []
            let offered = (actions.arrayValue ?? []).map { AvailableAction($0, of: provider) }
            found += offered.filter { $0.model.hasSameUTF8(as: model) }.map {
                OfferedAction(plugin: name, action: $0, isAvailable: isAvailable, errors: errors)
            }
            return true
        }
        return found
    }
}
