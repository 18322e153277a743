import Basics
import JSON

/// A semantic version, of which all but the first number may be missing.
struct SemanticVersion {
    let major: UInt64
    let minor: UInt64
    let patch: UInt64
    let prerelease: String
    let metadata: String

    /// As it was given.
    let original: String

    private static let pattern = try? RegexFinder(
        #"^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?$"#
    )

    init(_ text: String, _ context: inout TemplateContext) throws(TemplateFailure) {
        guard let groups = try context.groups(of: Self.pattern, in: text) else {
            throw TemplateFailure("Invalid Semantic Version")
        }
        original = text
        major = try Self.number(groups[1])
        minor = try Self.number(groups[2])
        patch = try Self.number(groups[3])
        prerelease = groups[5]
        metadata = groups[8]
        for part in prerelease.parts(between: ".") where part.utf8.count > 1 && part.utf8.allSatisfy(\.isASCIIDigit) {
            guard part.utf8.first != UInt8(ascii: "0") else {
                throw TemplateFailure("Version segment starts with 0")
            }
        }
    }

    private static func number(_ text: String) throws(TemplateFailure) -> UInt64 {
        let digits = text.after(".").map(String.init) ?? text
        guard let number = UInt64(digits.isEmpty ? "0" : digits) else {
            throw TemplateFailure(
                "Error parsing version segment: strconv.ParseUint: parsing \(GoLiteral.quoted(digits)): value out of range"
            )
        }
        return number
    }

    /// Less than zero, zero or more: the order of two versions, in which metadata do not count.
    func compared(to other: SemanticVersion) -> Int {
        for (a, b) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where a != b {
            return a < b ? -1 : 1
        }
        return Self.compared(prerelease, other.prerelease)
    }

    /// The order of two pre-releases; none at all is the last.
    static func compared(_ left: String, _ right: String) -> Int {
        if left.isEmpty || right.isEmpty { return (left.isEmpty ? 1 : 0) - (right.isEmpty ? 1 : 0) }
        let (a, b) = (left.parts(between: "."), right.parts(between: "."))
        for (x, y) in zip(a, b) where !x.hasSameUTF8(as: y) {
            switch (UInt64(x), UInt64(y)) {
            case (let m?, let n?): return m < n ? -1 : 1
            case (_?, nil): return -1
            case (nil, _?): return 1
            default: return String(x).precedesInUTF8(String(y)) ? -1 : 1
            }
        }
        return a.count == b.count ? 0 : a.count < b.count ? -1 : 1
    }
}

extension SemanticVersion: TemplateObject {
    var typeName: String { "*semver.Version" }

    var text: String? {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-\(prerelease)")
            + (metadata.isEmpty ? "" : "+\(metadata)")
    }

    private static let comparisons: Set<Identifier> = ["Compare", "Equal", "LessThan", "GreaterThan"]
    private static let parts: Set<Identifier> = [
        "Major", "Minor", "Patch", "Prerelease", "Metadata", "Original", "String",
    ]

    func member(_ name: String) -> TemplateMember? {
        if Self.comparisons.contains(Identifier(name)) {
            return .method(TemplateSignature([.named(Identifier(typeName))]))
        }
        return Self.parts.contains(Identifier(name)) ? .method(TemplateSignature()) : nil
    }

    func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        switch method {
        case "Major": return .unsigned(major, .uint64)
        case "Minor": return .unsigned(minor, .uint64)
        case "Patch": return .unsigned(patch, .uint64)
        case "Prerelease": return .string(prerelease)
        case "Metadata": return .string(metadata)
        case "Original": return .string(original)
        case "String": return .string(text ?? "")
        default: break
        }
        guard case .object(let object)? = arguments.first, let other = object as? SemanticVersion else {
            throw .nilDereference
        }
        let order = compared(to: other)
        switch method {
        case "Compare": return .int(order)
        case "Equal": return .bool(order == 0)
        case "LessThan": return .bool(order < 0)
        default: return .bool(order > 0)
        }
    }
}
