import Access
import Basics
import JSON
import Templates
import Tracker

/// The machine as templates see it: its fields, and what follows from them (C §16).
struct MachineData: TemplateObject {
    let machine: StoredObject
    let scene: RenderScene

    let typeName = "*backend.rMachine"

    private static let methods: [Identifier: TemplateSignature] = [
        "Path": .plain, "HexAddress": .plain, "Url": .plain, "UUID": .plain, "ShortName": .plain, "Address": .plain,
        "MacAddr": .texts,
    ]

    var fieldNames: [String] { ["Name", "Uuid"] }

    func member(_ name: String) -> TemplateMember? {
        if let method = Self.methods[Identifier(name)] { return .method(method) }
        if name.hasSameUTF8(as: "Params") { return .field(TemplateValue(.object(scene.ownParams))) }
        // The secret that tokens hang on is nobody's business.
        if name.hasSameUTF8(as: "Secret") { return nil }
        return machine.document.member(name).map { .field(ObjectData.value(of: $0.value())) }
    }

    func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        switch method {
        case "Path": .string(path)
        case "Url": .string("\(scene.location.filesURL)/\(path)")
        case "UUID": .string(machine.key.string)
        case "ShortName": .string(String(machine.text("Name").prefix { $0 != "." }))
        case "Address": .string(address)
        case "HexAddress": .string(address.isEmpty ? "" : HexAddress.text(address))
        default: .string(hardwareAddress(arguments.first?.argument ?? ""))
        }
    }

    private var path: String { "machines/\(machine.key.string)" }

    private var address: String {
        let address = machine.text("Address")
        if address.isEmpty { scene.missedAddress = true }
        return address
    }

    /// A hardware address as a boot loader spells it in the names of its files.
    private func hardwareAddress(_ style: String) -> String {
        scene.usedHardwareAddress = true
        guard let address = scene.hardwareAddress ?? machine.texts("HardwareAddrs").first else {
            scene.missedAddress = true
            return ""
        }
        let canonical = MACAddress.canonical(address)
        return switch style {
        case "pxelinux", "pxe": "01-" + canonical.replacing(":", with: "-")
        case "rpi4": canonical.replacing(":", with: "-")
        default: canonical
        }
    }
}

extension RenderScene {
    /// The params that the machine has itself, in clear.
    var ownParams: JSONObject {
        guard let machine else { return [:] }
        let own = machine.document.member("Params")?.value().objectValue ?? [:]
        return opener(own, of: ObjectID("machines", machine.key))
    }
}
