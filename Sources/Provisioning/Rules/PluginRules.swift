import JSON
import Tracker

/// What plugins must be; one whose provider is missing, or that reports errors of its own, cannot be used.
struct PluginRules: ObjectRules {
    var looksAt: [TypeName] { ["params"] }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        let provider = object.text("Provider")
        findings.checkName(.name, "Name", object.text("Name"))
        findings.checkName(.name, "Provider", provider)
        findings.checkParams(of: object, change)
        if change.object("plugin_providers", provider) == nil {
            findings.addDangling("Plugin Provider \(provider) does not exist")
        }
        for error in object.texts("PluginErrors") { findings.addMissing(error) }
    }
}
