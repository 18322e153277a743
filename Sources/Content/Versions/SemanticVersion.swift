import Basics
import JSON

/// A pack's version, as packs and their prerequisites compare it (C §14.2).
public struct SemanticVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Major, minor and patch number.
    public let numbers: [UInt64]

    /// What packs without a version have.
    public static let none = SemanticVersion(numbers: [0, 0, 0])

    private init(numbers: [UInt64]) { self.numbers = numbers }

    /// The version that `text` spells: an optional `v`, up to three numbers, and from the first `-` on whatever it likes.
    ///
    /// - Throws: `VersionError` naming the part that is no number.
    public init(_ text: String) throws(VersionError) {
        let trimmed = text.prefix { $0 != "-" && $0 != "+" }.drop { $0 == " " }
        let digits = trimmed.after("v") ?? trimmed
        if digits.isEmpty {
            self = .none
            return
        }
        let parts = digits.parts(between: ".")
        guard parts.count <= 3 else { throw VersionError(description: "No Major.Minor.Patch elements found") }
        var numbers: [UInt64] = []
        for (part, name) in zip(parts, ["major", "minor", "patch"]) {
            guard !part.isEmpty, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(part) else {
                throw VersionError(description: "Invalid character(s) found in \(name) number \"\(part)\"")
            }
            guard part.count == 1 || part.first != "0" else {
                throw VersionError(
                    description: "\(name.capitalized) number must not contain leading zeroes \"\(part)\"")
            }
            numbers.append(number)
        }
        self.numbers = numbers + Array(repeating: 0, count: 3 - numbers.count)
    }

    /// `1.2.3`.
    public var description: String { numbers.map(String.init).joined(separator: ".") }

    /// Order by major, then minor, then patch number.
    public static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
}

/// Why a text is no version or no constraint on versions.
public struct VersionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason, in one sentence.
    public let description: String
}

extension String {
    /// The text with its first letter in upper case.
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
