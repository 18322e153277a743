import StoreTesting
import Testing

@testable import Tracker

@Suite struct EventFilterTests {
    @Test(arguments: [
        ("machines.update.a", true), ("machines.update.*", true), ("*.*.*", true), ("machines.save,update.*", true),
        ("machines.*.b,a", true), ("x,*.update.a", true), ("machines.update.b", false), ("machine.update.a", false),
        ("machines.update.", false), ("machines.up*.a", false), ("..", false),
    ])
    func `a filter matches by its three parts`(text: String, isMatch: Bool) throws {
        #expect(try EventFilter(text).matches(type: "machines", action: "update", key: "a") == isMatch)
    }

    @Test(arguments: [
        ("a.b.c.d", "c.d"), (#"a.b.c\1d"#, "c.d"), (#"a.b.c\2d"#, "c,d"), (#"a.b.\3"#, "*"), (#"a.b.\4\"#, #"\4\"#),
        (#"a.b.\\1"#, #"\."#), ("a.b..", "."),
    ])
    func `the key holds dots, and escapes stand for what separates`(text: String, key: String) throws {
        let filter = try EventFilter(text)
        #expect(filter.matches(type: "a", action: "b", key: key))
        #expect(!filter.matches(type: "a", action: "b", key: key + "x"))
    }

    @Test(arguments: ["", "a", "a.b", "machines update *", String(repeating: ".", count: 9000)])
    func `what has not three parts or is too long is no filter`(text: String) {
        #expect(throws: EventError.self) { try EventFilter(text) }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `escaped words match themselves and nothing else`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let words = (0..<3).map { _ in Self.word(&generator) }
            let text = words.map(Self.escaped).joined(separator: ".")
            let filter = try EventFilter(text)
            #expect(filter.matches(type: words[0], action: words[1], key: words[2]), "seed \(seed): \(text)")
            let other = Self.word(&generator)
            #expect(
                filter.matches(type: words[0], action: words[1], key: other) == (other == words[2]),
                "seed \(seed): \(text) and \(other)")
        }
    }

    /// What a filter means, written once more in the plainest way: by taking the text apart character by character.
    private static func model(_ text: String, matches words: [String]) -> Bool? {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        return zip(parts, words).allSatisfy { part, word in
            part.split(separator: ",", omittingEmptySubsequences: false).contains { choice in
                if choice == "*" { return true }
                var (plain, rest) = ("", choice)
                while let letter = rest.popFirst() {
                    let meant =
                        letter == "\\" ? ["1": ".", "2": ",", "3": "*"][rest.first.map(String.init) ?? ""] : nil
                    if meant != nil { rest.removeFirst() }
                    plain += meant ?? String(letter)
                }
                return plain == word
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `any text is a filter just as the model says, or none`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("ab..,*\\13")
        for _ in 0..<500 {
            let text = String(
                (0..<Int.random(in: 0...10, using: &generator)).map { _ in
                    letters.randomElement(using: &generator) ?? "."
                })
            let words = (0..<3).map { _ in Self.word(&generator) }
            let filter = try? EventFilter(text)
            let found = filter?.matches(type: words[0], action: words[1], key: words[2])
            #expect(found == Self.model(text, matches: words), "seed \(seed): \(text) and \(words)")
        }
    }

    private static func word(_ generator: inout SeededGenerator) -> String {
        let letters = Array("ab.,*-é")
        return String(
            (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                letters.randomElement(using: &generator) ?? "a"
            })
    }

    private static func escaped(_ word: String) -> String {
        word.map { $0 == "." ? #"\1"# : $0 == "," ? #"\2"# : $0 == "*" ? #"\3"# : String($0) }.joined()
    }
}
