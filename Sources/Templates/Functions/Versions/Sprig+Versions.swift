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

extension TemplateContext {
    /// The texts of the groups of the first match; nil when there is none. Groups that took no part are empty.
    mutating func groups(of finder: RegexFinder?, in text: String) throws(TemplateFailure) -> [String]? {
        try allGroups(of: finder, in: text, limit: 1).first
    }

    /// The texts of the groups of all matches.
    mutating func allGroups(
        of finder: RegexFinder?, in text: String, limit: Int = -1
    ) throws(TemplateFailure) -> [[String]] {
        guard let finder else { return [] }
        let scalars = Array(text.unicodeScalars)
        var work = StepBudget(max(0, limits.steps - steps))
        let matches = finder.matches(in: scalars, limit: limit, within: &work)
        try spend(work.steps)
        return matches.map { match in
            match.ranges.map { range in range.map { String(String.UnicodeScalarView(scalars[$0])) } ?? "" }
        }
    }
}
