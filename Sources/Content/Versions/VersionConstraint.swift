/// A condition on versions: `>=1.2.0 <2.0.0 || 3.x` (C §14.2).
///
/// Operators are `<`, `<=`, `>`, `>=`, `=`, `==`, `!` and `!=`; a space means and, `||` means or, and `x` stands for any
/// number.
public struct VersionConstraint: Hashable, Sendable {
    private let alternatives: [[Condition]]

    private struct Condition: Hashable, Sendable {
        let comparison: String
        let version: SemanticVersion
        /// How many of the version's numbers are given; the others are wildcards.
        let precision: Int

        func holds(for version: SemanticVersion) -> Bool {
            if precision == 0 { return comparison != "!=" && comparison != "!" }
            let isWithin = version.numbers.prefix(precision).elementsEqual(self.version.numbers.prefix(precision))
            let end = self.version.raised(at: precision - 1)
            switch comparison {
            case "<": return version < self.version
            case "<=": return precision == 3 ? version <= self.version : version < end
            case ">": return precision == 3 ? version > self.version : version >= end
            case ">=": return version >= self.version
            case "!", "!=": return !isWithin
            default: return isWithin
            }
        }
    }

    /// The constraint that `text` spells; empty text lets every version pass.
    ///
    /// - Throws: `VersionError` naming the part that is no condition.
    public init(_ text: String) throws(VersionError) {
        var alternatives: [[Condition]] = []
        for alternative in text.split(separator: "|", omittingEmptySubsequences: true) {
            var conditions: [Condition] = []
            for word in Self.words(alternative) { conditions.append(try Self.condition(word)) }
            alternatives.append(conditions)
        }
        self.alternatives = alternatives
    }

    /// Whether `version` passes.
    public func holds(for version: SemanticVersion) -> Bool {
        alternatives.isEmpty || alternatives.contains { $0.allSatisfy { $0.holds(for: version) } }
    }

    /// The conditions between spaces; an operator may stand apart from its version.
    private static func words(_ text: Substring) -> [String] {
        var words: [String] = []
        for word in text.split(separator: " ") {
            if let last = words.last, last.allSatisfy({ "<>=!".contains($0) }) {
                words[words.count - 1] = last + word
            } else {
                words.append(String(word))
            }
        }
        return words
    }

    private static func condition(_ word: String) throws(VersionError) -> Condition {
        let comparison = String(word.prefix { "<>=!".contains($0) })
        guard comparison.count < word.count else {
            throw VersionError(description: "Could not parse version \"\" in \"\(word)\"")
        }
        guard ["", "<", "<=", ">", ">=", "=", "==", "!", "!="].contains(comparison) else {
            throw VersionError(description: "Could not parse comparator \"\(comparison)\" in \"\(word)\"")
        }
        var parts = word.dropFirst(comparison.count).split(separator: ".", omittingEmptySubsequences: false)
        if let first = parts.first, first.hasPrefix("v") { parts[0] = first.dropFirst() }
        let given = parts.prefix { !["x", "X", "*"].contains($0) }
        guard !parts.isEmpty, parts.dropFirst(given.count).allSatisfy({ ["x", "X", "*"].contains($0) }) else {
            throw VersionError(description: "Could not parse Range \"\(word)\": a number follows a wildcard")
        }
        do {
            let version = try SemanticVersion(given.joined(separator: "."))
            return Condition(
                comparison: comparison, version: version, precision: given.count < parts.count ? given.count : 3)
        } catch {
            throw VersionError(description: "Could not parse version \"\(word)\" in \"\(word)\": \(error)")
        }
    }
}
