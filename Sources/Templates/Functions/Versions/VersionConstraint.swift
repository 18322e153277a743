import Basics
import JSON

/// A condition on semantic versions, such as `>=1.2`: an operator and a version, whose last numbers may be open.
struct VersionConstraint {
    private let sign: String
    private let version: SemanticVersion

    /// Whether any number is open.
    private let isOpen: Bool
    private let isMinorOpen: Bool
    private let isPatchOpen: Bool

    private static let signs = #"=||!=|>|<|>=|=>|<=|=<|~|~>|\^"#
    private static let number =
        #"v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?"#
        + #"(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?"#
    private static let one = try? RegexFinder(#"^\s*(\#(signs))\s*(\#(number))\s*$"#)
    private static let range = try? RegexFinder(#"\s*(\#(number))\s+-\s+(\#(number))\s*"#)
    private static let part = try? RegexFinder(#"(\#(signs))\s*(\#(number))"#)
    private static let all = try? RegexFinder(
        #"^(\s*(\#(signs))\s*(\#(number))\s*)((?:\s+|,\s*)(\#(signs))\s*(\#(number))\s*)*$"#)

    /// Alternatives, of which each is a list of constraints that hold together.
    static func alternatives(
        _ text: String, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> [[VersionConstraint]] {
        var text = text
        for groups in try context.allGroups(of: range, in: text) {
            // A range is what it begins and ends with.
            let parts = GoText.split(text, by: groups[0], limit: 2)
            text = parts.joined(separator: ">= \(groups[1]), <= \(groups[11])")
        }
        var alternatives: [[VersionConstraint]] = []
        for alternative in GoText.split(text, by: "||") {
            guard try context.groups(of: all, in: alternative) != nil else {
                throw TemplateFailure("improper constraint: \(alternative)")
            }
            var constraints: [VersionConstraint] = []
            for groups in try context.allGroups(of: part, in: alternative) {
                constraints.append(try VersionConstraint(groups[0], &context))
            }
            alternatives.append(constraints)
        }
        return alternatives
    }

    private init(_ text: String, _ context: inout TemplateContext) throws(TemplateFailure) {
        guard let groups = try context.groups(of: Self.one, in: text) else {
            throw TemplateFailure("improper constraint: \(text)")
        }
        sign = groups[1]
        let isEmpty = Self.isOpen(groups[3])
        isMinorOpen = !isEmpty && Self.isOpen(groups[4])
        isPatchOpen = !isEmpty && !isMinorOpen && Self.isOpen(groups[5])
        isOpen = isEmpty || isMinorOpen || isPatchOpen
        var number = groups[2]
        if isEmpty {
            number = "0.0.0" + groups[6]
        } else if isMinorOpen {
            number = "\(groups[3]).0.0" + groups[6]
        } else if isPatchOpen {
            number = "\(groups[3])\(groups[4]).0" + groups[6]
        }
        do throws(TemplateFailure) {
            version = try SemanticVersion(number, &context)
        } catch {
            throw error.limit == nil ? TemplateFailure("constraint Parser Error") : error
        }
    }

    private static func isOpen(_ number: String) -> Bool {
        ["", "x", "X", "*"].contains(bytesOf: number.after(".").map(String.init) ?? number)
    }

    /// Whether a version meets the condition. Pre-releases do only if the condition names one.
    func isMet(by other: SemanticVersion) -> Bool {
        let isUnwanted = !other.prerelease.isEmpty && version.prerelease.isEmpty
        if sign.hasSameUTF8(as: "!=") { return isOpen && isUnwanted ? false : isDifferent(from: other) }
        guard !isUnwanted else { return false }
        let order = other.compared(to: version)
        switch sign {
        case ">": return isMore(other, order)
        case "<": return order < 0
        case ">=", "=>": return order >= 0
        case "<=", "=<": return isAtMost(other, order)
        case "~", "~>": return isNear(other, order)
        case "^": return isCompatible(other, order)
        default: return isOpen ? isNear(other, order) : order == 0
        }
    }

    private func isDifferent(from other: SemanticVersion) -> Bool {
        guard isOpen else { return other.compared(to: version) != 0 }
        if version.major != other.major { return true }
        if version.minor != other.minor, !isMinorOpen { return true }
        if isMinorOpen { return false }
        if version.patch != other.patch, !isPatchOpen { return true }
        guard isPatchOpen else { return other.compared(to: version) != 0 }
        let hasPrerelease = !other.prerelease.isEmpty || !version.prerelease.isEmpty
        return hasPrerelease && SemanticVersion.compared(other.prerelease, version.prerelease) != 0
    }

    private func isMore(_ other: SemanticVersion, _ order: Int) -> Bool {
        guard isOpen, other.major == version.major else { return isOpen ? other.major > version.major : order > 0 }
        if isMinorOpen { return false }
        return isPatchOpen ? other.minor > version.minor : order > 0
    }

    private func isAtMost(_ other: SemanticVersion, _ order: Int) -> Bool {
        guard isOpen else { return order <= 0 }
        if other.major != version.major { return other.major < version.major }
        return other.minor <= version.minor || isMinorOpen
    }

    /// `~1.2.3`: at least this version, and the same numbers in front of the last.
    private func isNear(_ other: SemanticVersion, _ order: Int) -> Bool {
        guard order >= 0 else { return false }
        if version.major == 0, version.minor == 0, version.patch == 0, !isMinorOpen, !isPatchOpen { return true }
        return other.major == version.major && (other.minor == version.minor || isMinorOpen)
    }

    /// `^1.2.3`: at least this version, and the same numbers up to the first that is not zero.
    private func isCompatible(_ other: SemanticVersion, _ order: Int) -> Bool {
        guard order >= 0 else { return false }
        if version.major > 0 || isMinorOpen { return other.major == version.major }
        guard other.major == 0 else { return false }
        if version.minor > 0 || isPatchOpen { return other.minor == version.minor }
        return other.minor == 0 && other.patch == version.patch
    }
}
