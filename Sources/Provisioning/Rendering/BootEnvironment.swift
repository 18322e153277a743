import Basics
import JSON

/// A bootenv as one machine boots it: with what the param `bootenv-customize` changes of it (C §16).
struct BootEnvironment: Sendable {
    /// The param with the changes: a list of them, of which the first counts most.
    static let overridesParam = "bootenv-customize"

    /// All fields of the bootenv.
    let object: JSONObject
    /// Whether the machine changes any of them.
    let isCustomized: Bool

    /// A bootenv with changes; what is no list of objects changes nothing.
    init(_ bootEnv: JSONObject, customizedBy overrides: JSONValue? = nil) {
        var object = bootEnv
        for case .object(let change) in (overrides?.arrayValue ?? []).reversed() {
            let name = change.text("Name")
            if name.isEmpty || name.hasSameUTF8(as: bootEnv.text("Name")) { Self.apply(change, to: &object) }
        }
        self.object = object
        isCustomized = !(overrides?.arrayValue ?? []).isEmpty
    }

    /// Templates are replaced by their names; loaders and architectures one by one.
    private static func apply(_ change: JSONObject, to object: inout JSONObject) {
        let replaced = change.objects("Templates")
        let names = Set(replaced.map { Identifier($0.text("Name")) })
        let kept = object.objects("Templates").filter { !names.contains(Identifier($0.text("Name"))) }
        object["Templates"] = .array((kept + replaced).map { .object($0) })
        object["Loaders"] = .object(object.members("Loaders").merging(change.members("Loaders")) { $1 })
        for field in ["Kernel", "BootParams"] where !change.text(field).isEmpty { object[field] = change[field] }
        if !change.texts("Initrds").isEmpty { object["Initrds"] = change["Initrds"] }
        let architectures = change.members("OS").members("SupportedArchitectures")
        guard !architectures.isEmpty else { return }
        var os = object.members("OS")
        os["SupportedArchitectures"] = .object(os.members("SupportedArchitectures").merging(architectures) { $1 })
        object["OS"] = .object(os)
    }

    /// The name.
    var name: String { object.text("Name") }
    /// What is known of the operating system.
    var os: JSONObject { object.members("OS") }
    /// The files and scripts.
    var templates: [JSONObject] { object.objects("Templates") }
    /// Whether there is anything to load over the network.
    var bootsFromNetwork: Bool { object.flag("OnlyUnknown") || !object.text("Kernel").isEmpty }

    /// The files of an architecture.
    func files(_ architecture: String) -> BootFiles { BootFiles(of: object, architecture) }

    /// The kernel's arguments for an architecture, still a template.
    func bootParams(_ architecture: String) -> String {
        let own = os.members("SupportedArchitectures").members(architecture).text("BootParams")
        return own.isEmpty ? object.text("BootParams") : own
    }
}
