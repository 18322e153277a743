import StoreTesting
import Testing

@testable import Access

/// What holds what: each row is a claim that is held, one that is wanted, and whether the first covers the second (C §11.2).
struct ContainmentTests {
    private static let rows: [(String, String, Bool)] = [
        // Everything, and nothing.
        ("*|*|*", "machines|get|x", true),
        ("*|*|*", "*|*|*", true),
        ("*|*|*", "endpoints|getSecure|x", true),
        ("*|*|*", "machines|update:/Params/a~1b|x", true),
        ("*|*|*", "||", true),
        ("||", "||", true),
        ("||", "machines|get|x", false),
        ("||", "||x", false),
        ("machines|get|x", "||", true),
        ("info|get|", "||", true),
        // Scopes.
        ("machines|get|*", "machines|get|x", true),
        ("machines|get|*", "stages|get|x", false),
        ("machines,stages|get|*", "stages|get|x", true),
        ("machines, stages|get|*", "stages,machines|get|x", true),
        ("machines|get|*", "machines,stages|get|x", false),
        ("*|get|*", "stages|get|x", true),
        ("*|get|*", "machines,stages,users|get|x", true),
        ("machines|get|*", "*|get|x", false),
        ("*|list|*", "preferences|list|", true),
        ("*|get|*", "preferences|get|", false),
        ("Machines|get|*", "machines|get|x", false),
        ("machines|get|*", "Machines|get|x", false),
        ("nodes|get|*", "nodes|get|x", false),
        ("*|get|*", "nodes|get|x", false),
        ("*|get|*", "*|get|x", true),
        ("*|get|*", "*|get,list|x", false),
        ("*|get,fetch|*", "*|get,fetch|x", false),
        ("*|*|x", "*|get|x", true),
        ("machines|*|*", "nodes|*|x", false),
        ("*|get|*", "|get|x", false),
        ("machines,nodes|get|*", "machines|get|x", true),
        // Actions.
        ("machines|*|*", "machines|get|x", true),
        ("machines|*|*", "machines|updateTaskList|x", true),
        ("machines|*|*", "machines|*|*", true),
        ("machines|*|*", "*|*|*", false),
        ("*|*|x", "machines|get|x", true),
        ("*|*|x", "machines|get|y", false),
        ("*|*|x", "*|*|x", true),
        ("stages|*|*", "stages|updateTaskList|x", false),
        ("stages|*|*", "stages|getSecure|x", true),
        ("tasks|*|*", "tasks|getSecure|x", false),
        ("machines|get,list|*", "machines|list|", true),
        ("machines|get, list|*", "machines|list,get|x", true),
        ("machines|get|*", "machines|list|", false),
        ("machines|get|*", "machines|get,list|x", false),
        ("machines|get|*", "machines|*|x", false),
        ("machines|get|*", "machines|getSecure|x", false),
        ("machines|getSecure|*", "machines|get|x", false),
        ("machines|Get|*", "machines|get|x", false),
        ("machines|fetch|*", "machines|fetch|x", false),
        ("machines|*|*", "machines|fetch|x", false),
        ("machines|get|*", "machines||x", false),
        ("files|*|*", "files|post|a/b", true),
        ("files|*|*", "files|create|a/b", false),
        // Named actions.
        ("machines|action|*", "machines|action:reboot|x", true),
        ("machines|action:reboot|*", "machines|action:reboot|x", true),
        ("machines|action:reboot|*", "machines|action:poweroff|x", false),
        ("machines|action:reboot|*", "machines|action|x", false),
        ("machines|action:reboot|*", "machines|action:reboot:now|x", false),
        ("machines|action|*", "machines|action:reboot:now|x", true),
        ("machines|actions|*", "machines|action:reboot|x", false),
        ("machines|action|*", "machines|actions|x", false),
        ("machines|*|*", "machines|action:reboot|x", true),
        ("machines|get:x|*", "machines|get|x", false),
        ("machines|get|*", "machines|get:x|x", false),
        ("machines|get:x|*", "machines|get:x|x", true),
        // Updates by pointer.
        ("machines|update|*", "machines|update|x", true),
        ("machines|update|*", "machines|update:|x", true),
        ("machines|update|*", "machines|update:/|x", true),
        ("machines|update|*", "machines|update:/A/B/C|x", true),
        ("machines|update:|*", "machines|update:/A/B/C|x", true),
        ("machines|update:|*", "machines|update:|x", true),
        ("machines|update:|*", "machines|update|x", false),
        ("machines|update:/A|*", "machines|update:/A|x", true),
        ("machines|update:/A|*", "machines|update:/A/B/C|x", true),
        ("machines|update:/A/B|*", "machines|update:/A/B/C|x", true),
        ("machines|update:/A/B/C|*", "machines|update:/A/B/C|x", true),
        ("machines|update:/A/B/C|*", "machines|update:/A/B|x", false),
        ("machines|update:/A|*", "machines|update:/Ab|x", false),
        ("machines|update:/A|*", "machines|update:/B/A|x", false),
        ("machines|update:/A|*", "machines|update|x", false),
        ("machines|update:/A|*", "machines|update:|x", false),
        ("machines|update:/|*", "machines|update:/Foo|x", false),
        ("machines|update:/|*", "machines|update:/|x", true),
        ("machines|update:/|*", "machines|update://a|x", true),
        ("machines|update:/A|*", "machines|update:/a|x", false),
        ("machines|update|*", "machines|update:A|x", false),
        ("machines|*|*", "machines|update:/Params/x|x", true),
        ("profiles|update:/Params|*", "profiles|update:/Params/access~1key|p", true),
        ("machines|update:/A,update:/B|*", "machines|update:/B/C|x", true),
        ("machines|update:/A|*", "machines|update:/A/x,update:/B|x", false),
        // The task list of a machine.
        ("machines|updateTaskList|*", "machines|update:/Tasks|x", true),
        ("machines|updateTaskList|*", "machines|update:/Tasks/0|x", true),
        ("machines|updateTaskList|*", "machines|update:/TasksDone|x", false),
        ("machines|updateTaskList|*", "machines|update:/Stage|x", false),
        ("machines|updateTaskList|*", "machines|update|x", false),
        ("machines|update|*", "machines|updateTaskList|x", false),
        ("machines|updateTaskList|x", "machines|update:/Tasks|y", false),
        // Specifics.
        ("machines|get|x", "machines|get|x", true),
        ("machines|get|x", "machines|get|y", false),
        ("machines|get|x,y", "machines|get|y", true),
        ("machines|get|x, y", "machines|get|y,x", true),
        ("machines|get|x,y", "machines|get|y,z", false),
        ("machines|get|*", "machines|get|*", true),
        ("machines|get|x", "machines|get|*", false),
        ("machines|get|x,*", "machines|get|*", false),
        ("machines|get|x,*", "machines|get|y", false),
        ("machines|get|x,*", "machines|get|x", true),
        ("machines|list|", "machines|list|", true),
        ("machines|list|*", "machines|list|", true),
        ("machines|list|x", "machines|list|", false),
        ("machines|get|", "machines|get|x", false),
        ("machines|get|x", "machines|get|X", false),
        ("machines|get|x", "machines|get|Name:x", false),
        ("machines|update:/A|x", "machines|update:/A/B|x", true),
        ("machines|update:/A|x", "machines|update:/A/B|y", false),
        // Without commas nothing is split, whatever it looks like.
        ("machines|get|a b", "machines|get|a b", true),
        ("machines|get|a b", "machines|get|a", false),
    ]

    private static func claim(_ text: String) -> Claim {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        return Claim(parts[0], parts[1], parts[2])
    }

    private func covers(_ held: Claim, _ wanted: Claim) -> Bool {
        ClaimSet([[held]], scopes: AccessFixture.scopes).satisfies([wanted])
    }

    @Test(arguments: rows)
    func `a claim covers another or not`(held: String, wanted: String, expected: Bool) {
        #expect(covers(Self.claim(held), Self.claim(wanted)) == expected)
    }

    @Test func `every claim to what exists covers itself`() {
        for (held, wanted, _) in Self.rows {
            for claim in [Self.claim(held), Self.claim(wanted)] where claim.problems(in: AccessFixture.scopes).isEmpty {
                #expect(covers(claim, claim), "\(claim)")
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `covering carries over from claim to claim`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parts = [
            ["*", "machines", "stages", "machines,stages", "nodes"],
            [
                "*", "get", "get,list", "update", "update:", "update:/", "update:/A", "update:/A/B", "update:/Tasks",
                "action",
                "action:x", "updateTaskList",
            ],
            ["*", "x", "x,y", "", "y"],
        ]
        func claim() -> Claim {
            let chosen = parts.map { $0.randomElement(using: &random) ?? "" }
            return Claim(chosen[0], chosen[1], chosen[2])
        }
        for _ in 0..<300 {
            let (a, b, c) = (claim(), claim(), claim())
            if covers(a, b), covers(b, c) { #expect(covers(a, c), "seed \(seed): \(a); \(b); \(c)") }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `no text grants what was not claimed`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("*,:/ ~1machinesgetupdate\u{0}é")
        func text() -> String {
            String(
                (0..<Int.random(in: 0...12, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "x" })
        }
        for _ in 0..<200 {
            let held = Claim(text(), text(), text())
            guard held != .everything else { continue }
            _ = held.problems(in: AccessFixture.scopes)
            #expect(!covers(held, .everything), "seed \(seed): \(held)")
            #expect(!covers(held, Claim("users", "delete", "rocketskates")), "seed \(seed): \(held)")
        }
    }
}
