import Basics
import JSON
import Templates

/// A repository of packages, as the param `package-repositories` lists them and templates see them (C §16).
struct PackageRepository: TemplateObject {
    let fields: JSONObject
    let scene: RenderScene

    let typeName = "*backend.Repo"

    private static let methods: [Identifier: TemplateSignature] = [
        "R": .plain, "UrlFor": .oneText, "Install": .plain, "Lines": .plain, "JoinedComponents": .plain,
    ]

    /// The names that templates know fields by, and those that they have in the param.
    private static let names: [(shown: String, kept: String)] = [
        ("Tag", "tag"), ("OS", "os"), ("URL", "url"), ("PackageType", "packageType"), ("RepoType", "repoType"),
        ("InstallSource", "installSource"), ("SecuritySource", "securitySource"), ("Distribution", "distribution"),
        ("Components", "components"), ("Arch", "arch"),
    ]

    var fieldNames: [String] { Self.names.map(\.shown) }

    func member(_ name: String) -> TemplateMember? {
        if let method = Self.methods[Identifier(name)] { return .method(method) }
        guard let (_, kept) = Self.names.first(where: { $0.shown.hasSameUTF8(as: name) }) else { return nil }
        switch kept {
        case "os", "components": return .field(.strings(fields.texts(kept)))
        case "installSource", "securitySource": return .field(.bool(fields.flag(kept)))
        default: return .field(.string(fields.text(kept)))
        }
    }

    func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        switch method {
        case "R": .string(release)
        case "UrlFor": .string(url(for: arguments.first?.argument ?? ""))
        case "JoinedComponents": .string(components.joined(separator: " "))
        case "Install": .string(try installLines())
        default: .string(try lines())
        }
    }

    /// Whether it is for the operating system of a name.
    func isFor(_ os: String) -> Bool { !os.isEmpty && fields.texts("os").contains(bytesOf: os) }

    /// Whether systems are installed from it.
    var isInstallSource: Bool { fields.flag("installSource") }

    /// Where it is, without a slash at the end.
    var url: String {
        var url = fields.text("url")[...]
        while url.hasByteSuffix("/") { url = url.dropLast() }
        return String(url)
    }

    private var tag: String { fields.text("tag") }
    private var components: [String] { fields.texts("components") }

    /// The release that it is of: its own word for it, or else the system's code name.
    private var release: String {
        let own = fields.text("distribution")
        return own.isEmpty ? scene.bootEnv?.os.text("Codename") ?? "" : own
    }

    /// Where the packages of a component are: for yum, one folder each, by release and architecture.
    private func url(for component: String) -> String {
        let architecture = scene.architecture.hasSameUTF8(as: "amd64") ? "x86_64" : scene.architecture
        let parts = fields.text("distribution").isEmpty ? [] : [release, component, architecture]
        return ([url] + parts.filter { !$0.isEmpty }).joined(separator: "/")
    }

    private func packageType() throws(TemplateFailure) -> String {
        let own = fields.text("packageType")
        if !own.isEmpty { return own.hasSameUTF8(as: "deb") ? "apt" : own.hasSameUTF8(as: "rpm") ? "yum" : own }
        switch OperatingSystemData(os: scene.bootEnv?.os ?? [:]).familyType {
        case "rhel": return "yum"
        case "debian": return "apt"
        default:
            throw TemplateFailure(
                "no idea how the repository \(tag) is used on \(scene.machine?.text("OS") ?? ""): give its packageType")
        }
    }

    /// What an installer is told of it: kickstart's or preseed's lines.
    private func installLines() throws(TemplateFailure) -> String {
        switch (try packageType(), isInstallSource) {
        case ("yum", true): return "install\nurl --url \(url)\nrepo --name=\"\(tag)\" --baseurl=\(url) --cost=100\n"
        case ("yum", false):
            let components = fields.text("distribution").isEmpty ? [""] : components
            return components.map {
                "repo --name=\"\($0.isEmpty ? tag : "\(tag)-\($0)")\" --baseurl=\(url(for: $0)) --cost=200\n"
            }.joined()
        case (_, true):
            let (scheme, host, path) = urlParts
            return """
                d-i mirror/protocol string \(scheme)
                d-i mirror/country string manual
                d-i mirror/\(scheme)/hostname string \(host)
                d-i mirror/\(scheme)/directory string \(path)

                """
        default:
            return "d-i apt-setup/local0/repository string \(url) \(release) \(components.joined(separator: " "))\n"
        }
    }

    /// What an installed system is told of it: a section of a yum repository file, or a line of apt's sources.
    private func lines() throws(TemplateFailure) -> String {
        guard try packageType().hasSameUTF8(as: "yum") else {
            return (["deb", url, release] + components).joined(separator: " ") + "\n"
        }
        let components = fields.text("distribution").isEmpty ? [""] : components
        return components.map { component in
            let name = component.isEmpty ? tag : "\(tag)-\(component)"
            return "[\(name)]\nname=\(name)\nbaseurl=\(url(for: component))\ngpgcheck=0\n"
        }.joined(separator: "\n")
    }

    private var urlParts: (scheme: String, host: String, path: String) {
        guard let colon = url.firstByteIndex(of: ":") else { return ("http", url, "/") }
        let rest = url[colon...].dropFirst(3)
        let end = rest.firstByteIndex(of: "/") ?? rest.endIndex
        return (String(url[..<colon]), String(rest[..<end]), end == rest.endIndex ? "/" : String(rest[end...]))
    }
}

/// Which repositories a machine uses.
extension RenderScene {
    /// The param that lists repositories.
    static let repositoriesParam = "package-repositories"

    private var repositories: [PackageRepository] {
        (value(of: Self.repositoriesParam)?.arrayValue ?? []).compactMap(\.objectValue).map {
            PackageRepository(fields: $0, scene: self)
        }
    }

    private var osName: String { bootEnv?.os.text("Name") ?? "" }

    /// Those with one of the tags.
    func repositories(tagged tags: [String]) -> TemplateValue {
        Self.list(repositories.filter { tags.contains(bytesOf: $0.fields.text("tag")) })
    }

    /// Those for the system that the machine has.
    func machineRepositories() -> TemplateValue {
        let os = machine?.text("OS") ?? ""
        return Self.list(repositories.filter { $0.isFor(os.isEmpty ? osName : os) })
    }

    /// Those for the system that is being installed: first what it is installed from.
    func installRepositories() -> TemplateValue {
        let ofSystem = repositories.filter { $0.isFor(osName) }
        return Self.list([installSource] + ofSystem.filter { !$0.isInstallSource })
    }

    /// What the system is installed from: the repository that says so, or else the unpacked image here.
    private var installSource: PackageRepository {
        let named = repositories.first { $0.isInstallSource && $0.isFor(osName) }
        let folder = bootEnv?.files(architecture).directory ?? ""
        return named
            ?? PackageRepository(
                fields: [
                    "tag": .string(osName), "os": [.string(osName)], "installSource": true,
                    "url": .string("\(location.filesURL)/\(folder)"),
                ], scene: self)
    }

    /// Where the system for an architecture is installed from.
    func installURL(_ architecture: String) -> String {
        if let named = repositories.first(where: { $0.isInstallSource && $0.isFor(osName) }) { return named.url }
        return "\(location.filesURL)/\(bootEnv?.files(architecture).directory ?? "")"
    }

    private static func list(_ repositories: [PackageRepository]) -> TemplateValue {
        .list(TemplateList(repositories.map { .object($0) }, of: .named("*backend.Repo")))
    }
}
