import Basics
import JSON
import Templates
import Tracker

/// Dot of everything that is rendered (C §16).
struct RenderData: TemplateObject {
    let scene: RenderScene

    let typeName = "*backend.RenderData"
    let fieldNames = ["Machine", "Env", "Task", "Stage"]

    private static let methods: [Identifier: TemplateSignature] = [
        "Param": .lookUp, "ParamExists": .oneText, "ParamExpand": .lookUp, "ParamAsJSON": .oneText,
        "ParamAsYAML": .oneText, "ParamCompose": .lookUp, "ComposeParam": .lookUp, "ParamComposeExpand": .lookUp,
        "StringExpand": .oneText, "ObjectExpand": TemplateSignature([.any], isInterface: true),
        "BootParams": .plain, "BootParamsFor": .oneText, "ProvisionerAddress": .plain, "ProvisionerURL": .plain,
        "SecureProvisionerURL": .plain, "ApiURL": .plain, "ProvisionerHostURL": .plain,
        "SecureProvisionerHostURL": .plain, "ApiHostURL": .plain, "GenerateToken": .plain,
        "GenerateInfiniteToken": .plain, "GenerateProfileToken": TemplateSignature([.string, .any]),
        "ParseURL": .twoTexts, "ParseUrl": .twoTexts, "Repos": .texts, "MachineRepos": .plain, "InstallRepos": .plain,
        "CallTemplate": TemplateSignature([.string, .any]), "Info": .plain,
    ]

    func member(_ name: String) -> TemplateMember? {
        if let method = Self.methods[Identifier(name)] { return .method(method) }
        switch name {
        case "Machine": return .field(scene.machine.map { .object(MachineData(machine: $0, scene: scene)) } ?? .nil)
        case "Env": return .field(scene.bootEnv.map { .object(BootEnvData(bootEnv: $0, scene: scene)) } ?? .nil)
        case "Stage": return .field(Self.object(scene.stage, "*backend.rStage"))
        case "Task": return .field(scene.task.map { .object(TaskData(scene: scene, task: $0)) } ?? .nil)
        default: return nil
        }
    }

    private static func object(_ object: StoredObject?, _ typeName: String) -> TemplateValue {
        object.map { .object(ObjectData($0.object, typeName: typeName)) } ?? .nil
    }

    func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        let text = arguments.first?.argument ?? ""
        if let value = try scene.paramMethod(method, text, &context) { return value }
        if let value = place(method) { return .string(value) }
        switch method {
        case "StringExpand": return .string(try scene.expand(text, named: "string", &context))
        case "ObjectExpand": return try scene.expandAll(in: arguments.first ?? .nil, &context)
        case "BootParams": return .string(try scene.bootParams(scene.architecture, &context))
        case "BootParamsFor": return .string(try scene.bootParams(text, &context))
        case "ParseURL", "ParseUrl": return .string(try Self.part(text, of: arguments[1].argument))
        case "Repos": return scene.repositories(tagged: arguments.map(\.argument))
        case "MachineRepos": return scene.machineRepositories()
        case "InstallRepos": return scene.installRepositories()
        case "CallTemplate": return .string(try scene.callTemplate(text, arguments[1], &context))
        case "Info": return TemplateValue(scene.services.info(scene.view))
        default: return .string(try scene.token(method, arguments))
        }
    }

    /// The address or a URL of the server.
    private func place(_ method: String) -> String? {
        let location = scene.location
        return switch method {
        case "ProvisionerAddress": location.address.description
        case "ProvisionerURL", "ProvisionerHostURL": location.filesURL
        case "SecureProvisionerURL", "SecureProvisionerHostURL": location.secureFilesURL
        case "ApiURL", "ApiHostURL": location.apiURL
        default: nil
        }
    }

    /// A part of a URL.
    private static func part(_ segment: String, of url: String) throws(TemplateFailure) -> String {
        guard let colon = url.firstByteIndex(of: ":"), url[colon...].hasBytePrefix("://") else {
            throw TemplateFailure("\(url) is no URL")
        }
        let rest = url[colon...].dropFirst(3)
        let end = rest.firstByteIndex(of: "/") ?? rest.endIndex
        switch segment {
        case "scheme": return String(url[..<colon])
        case "host": return String(rest[..<end])
        case "path":
            let path = rest[end...]
            return String(path.prefix { $0 != "?" && $0 != "#" })
        default: throw TemplateFailure("No idea how to get URL part \(segment) from \(url)")
        }
    }
}

/// The task as templates see it: its fields, and the system that it is to run on.
struct TaskData: TemplateObject {
    let scene: RenderScene
    let task: StoredObject

    let typeName = "*backend.rTask"

    var fieldNames: [String] { ["Name"] }

    func member(_ name: String) -> TemplateMember? {
        if name.hasSameUTF8(as: "TargetOS") { return .field(.string("linux")) }
        return task.document.member(name).map { .field(ObjectData.value(of: $0.value())) }
    }
}
