import Foundation
import Testing

/// What stands in `exceptions.txt` beside this: what is not as the rules demand today. The list may only shrink: what is no
/// exception any more has to be taken off it.
enum Exceptions {
    /// The exceptions from a rule.
    static func names(of rule: String) throws -> Set<String> {
        let file = SourceTree.root.appending(path: "Tests/TidyTests/exceptions.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return Set(lines.filter { $0.hasPrefix("\(rule): ") }.map { String($0.dropFirst(rule.count + 2)) })
    }

    /// Expects that just the exceptions from a rule break it.
    ///
    /// - Parameters:
    ///   - rule: the rule's name in the list.
    ///   - found: what breaks it: the name in the list, and where and how.
    static func check(_ rule: String, _ found: [(name: String, what: String)]) throws {
        let allowed = try names(of: rule)
        for (name, what) in found where !allowed.contains(name) { Issue.record("\(rule): \(what)") }
        for name in allowed.subtracting(found.map(\.name)).sorted() {
            Issue.record("\(name) keeps the rule now: take the line `\(rule): \(name)` off exceptions.txt")
        }
    }
}
