import Basics
import JSON
import StoreTesting
import Testing

@testable import Access

/// Rights to parts of objects against the plainest way to ask for them: every beginning of the pointer, one after the other.
@Suite struct HeldActionsTests {
    private static let ofMembers = [
        ScopeDeclarations.MemberAction(scope: "machines", member: "Tasks", action: "updateTaskList")
    ]

    private static func isCovered(_ action: String, by held: Set<Identifier>, in scope: String) -> Bool {
        if held.contains(Identifier(action)) { return true }
        guard action.hasPrefix("update:"), action == "update:" || action.hasPrefix("update:/") else { return false }
        let tokens = action.dropFirst("update:".count).split(separator: "/", omittingEmptySubsequences: false)
        let prefixes = tokens.indices.map { "update:" + tokens[..<$0].joined(separator: "/") } + ["update"]
        let ofTasks = scope == "machines" && tokens.count > 1 && tokens[1] == "Tasks"
        return prefixes.contains { held.contains(Identifier($0)) } || ofTasks && held.contains("updateTaskList")
    }

    private static func action(_ random: inout SeededGenerator) -> String {
        if Int.random(in: 0..<6, using: &random) == 0 {
            return ["update", "update:", "update:/", "update:x", "updateTaskList", "get", "action", "update://"]
                .randomElement(using: &random) ?? ""
        }
        let tokens = ["Tasks", "A", "B", "", "a~1b", "\u{212A}", "K"]
        return "update:"
            + (0..<Int.random(in: 1...5, using: &random)).map { _ in
                "/" + (tokens.randomElement(using: &random) ?? "")
            }.joined()
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `a right to a part covers the same as its pointer's beginnings do`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for scope in ["machines", "profiles"] {
            let held = Set((0..<Int.random(in: 0...4, using: &random)).map { _ in Identifier(Self.action(&random)) })
            var actions = HeldActions()
            for action in held { actions.insert(action) }
            for _ in 0..<40 {
                let wanted = Self.action(&random)
                #expect(
                    actions.cover(wanted, in: scope, Self.ofMembers) == Self.isCovered(wanted, by: held, in: scope),
                    "seed \(seed): \(wanted) in \(scope) by \(held)")
            }
        }
    }

    @Test func `a very deep pointer is neither held nor asked for at the cost of the stack`() {
        let deep = "update:" + String(repeating: "/a", count: 1 << 16)
        var actions = HeldActions()
        actions.insert(Identifier(deep))
        #expect(actions.cover(deep + "/b", in: "machines", Self.ofMembers))
        #expect(!actions.cover(String(deep.dropLast(2)), in: "machines", Self.ofMembers))
    }
}
