import Basics
import JSON

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

        /// Compares only the numbers that are given: `>1.x` means from 2.0.0 on. So no bound is computed, which at the largest
        /// number there would not be.
        func holds(for version: SemanticVersion) -> Bool {
            if precision == 0 { return comparison != "!=" && comparison != "!" }
            let given = version.numbers.prefix(precision)
            let bound = self.version.numbers.prefix(precision)
            switch comparison {
            case "<": return given.lexicographicallyPrecedes(bound)
            case "<=": return !bound.lexicographicallyPrecedes(given)
            case ">": return bound.lexicographicallyPrecedes(given)
            case ">=": return !given.lexicographicallyPrecedes(bound)
            case "!", "!=": return given != bound
            default: return given == bound
            }
        }
    }

    /// The constraint that `text` spells; empty text lets every version pass.
    ///
    /// - Throws: `VersionError` naming the part that is no condition.
    public init(_ text: String) throws(VersionError) {
        let parts = text.split(separator: "||", omittingEmptySubsequences: false).map { Self.words($0) }
        var alternatives: [[Condition]] = []
        for words in parts {
            if words.isEmpty, parts.count > 1 {
                throw VersionError(description: "Could not parse Range \"\(text)\": nothing on one side of ||")
            }
            var conditions: [Condition] = []
            for word in words { conditions.append(try Self.condition(word)) }
            alternatives.append(conditions)
        }
        self.alternatives = alternatives
    }

    /// Whether `version` passes.
    public func holds(for version: SemanticVersion) -> Bool {
        alternatives.contains { $0.allSatisfy { $0.holds(for: version) } }
    }

    /// The conditions between spaces; an operator may stand apart from its version.
    private static func words(_ text: Substring) -> [String] {
        var words: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
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
        var parts = word.dropFirst(comparison.count).parts(between: ".")
        if let digits = parts.first?.after("v") { parts[0] = digits }
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
