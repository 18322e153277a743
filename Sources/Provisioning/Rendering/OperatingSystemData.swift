import Basics
import JSON
import Templates

/// What a bootenv says of its operating system, as templates see it: fields, and what follows from them (C §16).
struct OperatingSystemData: TemplateObject {
    let os: JSONObject

    let typeName = "*models.OsInfo"

    private static let methods: [Identifier: TemplateSignature] = [
        "FamilyName": .plain, "FamilyType": .plain, "FamilyVersion": .plain, "VersionEq": .oneText,
    ]

    var fieldNames: [String] { os.keys }

    func member(_ name: String) -> TemplateMember? {
        if let method = Self.methods[Identifier(name)] { return .method(method) }
        return os[name].map { .field(ObjectData.value(of: $0)) }
    }

    func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        switch method {
        case "FamilyName": .string(family)
        case "FamilyType": .string(familyType)
        case "FamilyVersion": .string(version)
        default: .bool(isVersion(arguments.first?.argument ?? ""))
        }
    }

    /// The family, or else what the name has before its first hyphen.
    var family: String {
        let family = os.text("Family")
        return family.isEmpty ? String(os.text("Name").prefix { $0 != "-" }) : family
    }

    /// The kind of distribution: those that come from one another install alike.
    var familyType: String {
        switch family {
        case "centos", "redhat", "fedora", "scientificlinux": "rhel"
        case "debian", "ubuntu": "debian"
        default: family
        }
    }

    /// The version, or else what the name has behind its first hyphen.
    private var version: String {
        let version = os.text("Version")
        guard version.isEmpty, let hyphen = os.text("Name").firstByteIndex(of: "-") else { return version }
        return String(os.text("Name")[hyphen...].dropFirst())
    }

    /// Whether the version is `wanted`, as far as that goes: 7.1 is 7 and 7.1, and neither 7.10 nor 7.1.1.
    private func isVersion(_ wanted: String) -> Bool {
        let (own, wanted) = (version.parts(between: "."), wanted.parts(between: "."))
        return own.count >= wanted.count && zip(own, wanted).allSatisfy { $0.hasSameUTF8(as: $1) }
    }
}
