import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for semantic versions and URLs.
    static let sprigVersions: [Identifier: TemplateFunction] = [
        "semver": .of(.string) { values, context throws(TemplateFailure) in
            .object(try SemanticVersion(values[0].string, &context))
        },
        "semverCompare": .of(.string, .string) { values, context throws(TemplateFailure) in
            let alternatives = try VersionConstraint.alternatives(values[0].string, &context)
            let version = try SemanticVersion(values[1].string, &context)
            return .bool(alternatives.contains { $0.allSatisfy { $0.isMet(by: version) } })
        },
        "urlParse": .of(.string) { values, context throws(TemplateFailure) in
            context.map(try GoURL(values[0].string).entries)
        },
        "urlJoin": .of(.anyMap) { values, _ throws(TemplateFailure) in
            .string(try GoURL(values[0].entries).description)
        },
    ]
}
