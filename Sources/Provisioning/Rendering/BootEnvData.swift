import Basics
import JSON
import Templates
import Tracker

/// The bootenv as templates see it, `.Env`: its fields, and where its files are (C §16).
struct BootEnvData: TemplateObject {
    let bootEnv: BootEnvironment
    let scene: RenderScene

    let typeName = "*backend.rBootEnv"

    private static let methods: [Identifier: TemplateSignature] = [
        "OS": .plain, "PathFor": .twoTexts, "PathForArch": .threeTexts, "InstallUrl": .plain, "InstallUrlFor": .oneText,
        "JoinInitrds": .oneText, "JoinInitrdsFor": .twoTexts, "KernelFor": .oneText, "InitrdsFor": .oneText,
        "BootParamsFor": .oneText, "BootParams": .plain,
    ]

    var fieldNames: [String] { ["Name", "Description"] }

    func member(_ name: String) -> TemplateMember? {
        if let method = Self.methods[Identifier(name)] { return .method(method) }
        return bootEnv.object[name].map { .field(ObjectData.value(of: $0)) }
    }

    func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        let texts = arguments.map(\.argument)
        switch method {
        case "OS": return .object(OperatingSystemData(os: bootEnv.os))
        case "PathFor": return .string(try path(texts[0], texts[1], scene.architecture))
        case "PathForArch": return .string(try path(texts[0], texts[1], texts[2]))
        case "InstallUrl": return .string(scene.installURL(scene.architecture))
        case "InstallUrlFor": return .string(scene.installURL(texts[0]))
        case "JoinInitrds": return .string(try joinedInitrds(texts[0], scene.architecture))
        case "JoinInitrdsFor": return .string(try joinedInitrds(texts[0], texts[1]))
        case "KernelFor": return .string(bootEnv.files(texts[0]).kernel)
        case "InitrdsFor": return .strings(bootEnv.files(texts[0]).initrds)
        case "BootParams": return .string(try scene.bootParams(scene.architecture, &context))
        default: return .string(try scene.bootParams(texts[0], &context))
        }
    }

    /// Where a file of the bootenv is, for one who fetches it in a certain way.
    private func path(
        _ way: String, _ file: String, _ architecture: String
    ) throws(TemplateFailure) -> String {
        let path = "\(bootEnv.files(architecture).directory)/\(file.drop { $0 == "/" })"
        return switch way {
        case "disk": "\(scene.services.fileRoot)/\(path)"
        case "tftp": path
        case "http": "\(scene.location.filesURL)/\(path)"
        case "https": "\(scene.location.secureFilesURL)/\(path)"
        default: throw TemplateFailure("Unknown protocol \(way)")
        }
    }

    private func joinedInitrds(_ way: String, _ architecture: String) throws(TemplateFailure) -> String {
        var paths: [String] = []
        for file in bootEnv.files(architecture).initrds { paths.append(try path(way, file, architecture)) }
        return paths.joined(separator: " ")
    }
}

extension RenderScene {
    /// The machine's architecture.
    var architecture: String {
        let text = machine?.text("Arch") ?? ""
        return text.isEmpty ? "amd64" : text
    }

    /// The kernel's arguments, rendered.
    func bootParams(_ architecture: String, _ context: inout TemplateContext) throws(TemplateFailure) -> String {
        try expand(bootEnv?.bootParams(architecture) ?? "", named: "BootParams", &context)
    }

    /// A text that is itself a template, rendered within the limits of the render that asks for it.
    func expand(
        _ text: String, named name: String, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        guard depth < Self.mostDepth else { throw TemplateFailure("\(name) expands itself more than \(depth) times") }
        depth += 1
        defer { depth -= 1 }
        let template: Template
        do throws(TemplateError) { template = try services.cache.template(text, named: name) } catch {
            throw TemplateFailure("\(error)")
        }
        do throws(TemplateExecutionError) {
            return try template.execute(data, in: shared, functions: RenderServices.functions, context: &context)
        } catch { throw TemplateFailure(error.description) }
    }

    /// How often an expansion may expand something.
    private static let mostDepth = 20
}
