import Basics
import JSON
import Tracker

/// What bootenvs must be, and what it takes to boot into one (C §5.1).
struct BootEnvRules: ObjectRules {
    let files: FileCatalog

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkName(.name, "Name", object.text("Name"))
        findings.checkParamLists(of: object)
        findings.checkTemplates(of: object, isPathRequired: true, change)
        findings.checkText(object.text("BootParams"), called: "machine", as: "BootParams")
        let architectures = object.members("OS").members("SupportedArchitectures")
        for (name, info) in architectures {
            if Architecture.canonical(name) == nil { findings.addError("\(name) is not a supported architecture") }
            let text = info.objectValue?.text("BootParams") ?? ""
            findings.checkText(text, called: "machine", as: "SupportedArchitectures[\(name)] BootParams")
        }
        for name in object.members("Loaders").keys where !Self.loaderTypes.contains(bytesOf: name) {
            findings.addError("\(name) is not a supported loader type")
        }
        checkBooting(object, change, &findings)
    }

    private static let loaderTypes = ["386-pcbios", "amd64-uefi", "arm64-uefi"]

    /// The templates that tell a boot loader what to load; which of them depends on the machine's firmware.
    private static let loaderTemplates: Set<Identifier> = ["pxelinux", "pxelinux-mac", "ipxe", "ipxe-mac", "elilo"]

    /// Reports what keeps machines from booting. A bootenv without a kernel needs nothing: it boots nothing of ours.
    private func checkBooting(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        if !object.text("Kernel").isEmpty {
            if !object.objects("Templates").contains(where: {
                Self.loaderTemplates.contains(Identifier($0.text("Name")))
            }) {
                findings.addUnavailable("bootenv: Missing elilo or pxelinux template")
            }
            if object.members("OS").text("Name").isEmpty { findings.addUnavailable("bootenv: Missing OS.Name") }
        }
        // What is missing shows once the server has looked, which is a while after a client has written (C §5.1).
        if change.action == .create || change.action == .update { return }
        // One architecture that is complete is enough: ISO images of the others may never be wanted.
        let missing = BootFiles.all(of: object).map { $0.missing(from: files) }
        if missing.allSatisfy({ !$0.isEmpty }) {
            for message in missing.joined() { findings.addUnavailable(message) }
        }
    }

    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        try change.refuseIfPreferred("BootEnv", by: [.defaultBootEnv, .unknownBootEnv])
    }
}
