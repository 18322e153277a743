import Access
import Basics
import JSON
import Tracker

/// What the objects of a state want of each plug-in.
struct PluginDemand {
    private let view: Snapshot
    private let allowance: ProviderAllowance
    /// What tells the program of each provider from others that it has had.
    private let programs: [Identifier: String]
    private let opener: ParamDecryptor

    init(_ view: Snapshot, _ allowance: ProviderAllowance, programs: [Identifier: String]) {
        (self.view, self.allowance, self.programs) = (view, allowance, programs)
        opener = ParamDecryptor(view)
    }

    /// The plug-ins that there are, in the order of their names, with what is wanted of each.
    var all: [(name: String, demand: PluginLifecycle.Demand)] {
        var found: [(name: String, demand: PluginLifecycle.Demand)] = []
        var running = 0
        view["plugins"]?.forEachObject { object in
            var demand = demand(of: object)
            if demand.isRun { running += 1 }
            if running > PluginSettings.mostPlugins, demand.isRun {
                demand = .hold([Identifier("There are more than \(PluginSettings.mostPlugins) plug-ins: remove some")])
            }
            found.append((object.key.string, demand))
            return true
        }
        return found
    }

    private func demand(of object: StoredObject) -> PluginLifecycle.Demand {
        let provider = object.document.member("Provider")?.string ?? ""
        guard let stored = view.object("plugin_providers", provider) else { return .hold([]) }
        guard allowance.allows(provider) else { return .hold([Identifier(allowance.refusal(of: provider))]) }
        let definition = ProviderDefinition(stored.object)
        let given = object.object["Params"]?.objectValue ?? [:]
        let missing = definition.requiredParams.filter { given[$0] == nil }
        guard missing.isEmpty else {
            return .hold(
                missing.map {
                    Identifier("Plugin \(object.key) is missing the param \($0), which \(provider) requires")
                })
        }
        return .run(
            PluginConfiguration(
                provider: provider, program: programs[Identifier(provider)] ?? "",
                parameters: opener(given, of: ObjectID("plugins", object.key)), hasPublish: definition.hasPublish))
    }
}
