import Content
import JSON
import Testing
import Tracker

/// A text that makes much of few bytes.
struct YAMLBomb: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let yaml: String
    /// What the refusal says.
    let reason: String

    init(_ name: String, _ yaml: String, _ reason: String) {
        (testDescription, self.yaml, self.reason) = (name, yaml, reason)
    }
}

/// Texts that make much of few bytes, and how they are refused.
@Suite struct `YAML costs no more than its budget` {
    /// Nine lists, each of nine aliases of the one before: 9⁹ values.
    private static let laughs: String = {
        let names = "abcdefghi".map(String.init)
        let lists = zip(names, names.dropFirst()).map {
            "\($1): &\($1) [" + repeatElement("*\($0)", count: 9).joined(separator: ",") + "]"
        }
        return (["a: &a [lol,lol,lol,lol,lol,lol,lol,lol,lol]"] + lists).joined(separator: "\n")
    }()

    /// The same with merge keys.
    private static let merges: String = {
        let names = (0..<40).map { "m\($0)" }
        let maps = zip(names, names.dropFirst()).map { "\($1): &\($1) {<<: [*\($0), *\($0)]}" }
        return (["m0: &m0 {x: 1}"] + maps).joined(separator: "\n")
    }()

    @Test(arguments: [
        YAMLBomb("many lists", laughs, "aliases and merge keys bring more than 400000 values"),
        YAMLBomb("many merges", merges, "aliases and merge keys bring more than 400000 values"),
        YAMLBomb(
            "a long text many times",
            "a: &a " + String(repeating: "x", count: 1 << 20) + "\n" + "b: ["
                + String(repeating: "*a,", count: 100) + "]", "67108864 bytes"
        ),
        YAMLBomb(
            "a long key many times",
            "a: &a " + String(repeating: "x", count: 1 << 20) + "\nb:\n"
                + String(repeating: "- {*a : 1}\n", count: 100), "67108864 bytes"
        ),
        YAMLBomb("deep lists", String(repeating: "[", count: 100_000), "nested deeper than 1000 levels"),
        YAMLBomb("deep blocks", String(repeating: "- ", count: 100_000), "nested deeper than 256 levels"),
        YAMLBomb("deep maps", String(repeating: "{a: ", count: 100_000), "nested deeper than 256 levels"),
        YAMLBomb("deep keys", String(repeating: "? ", count: 100_000), "nested deeper than 256 levels"),
        YAMLBomb(
            "deep aliases", (1...300).reduce("a0: &a0 [x]\n") { $0 + "a\($1): &a\($1) [*a\($1 - 1)]\n" },
            "nested deeper than 256 levels"
        ),
        YAMLBomb(
            "many tags", (1...200).map { "%TAG !t\($0)! x\($0)\n" }.joined() + "---\na", "more than 100 %TAG directives"
        ),
        YAMLBomb("itself", "&a [*a]", "contains itself"), YAMLBomb("itself, merged", "&a {<<: *a}", "contains itself"),
    ])
    func `however it is nested`(bomb: YAMLBomb) {
        #expect { try YAMLReader.read(Array(bomb.yaml.utf8)) } throws: { "\($0)".contains(bomb.reason) }
    }

    @Test func `in bytes and values`() throws {
        var budget = YAMLBudget()
        (budget.bytes, budget.nodes) = (100, 10)
        #expect(throws: Never.self) { try YAMLReader.read(Array("[1,2,3,4,5,6,7,8,9]".utf8), budget: budget) }
        #expect { try YAMLReader.read(Array("[1,2,3,4,5,6,7,8,9,10]".utf8), budget: budget) } throws: {
            "\($0)" == "line 1: more than 10 values and keys in one file"
        }
        #expect { try YAMLReader.read(Array(repeating: 0x20, count: 101), budget: budget) } throws: {
            "\($0)" == "longer than the 100 bytes that are read of one file"
        }
    }

    @Test func `and aliases in plenty are still read`() throws {
        let yaml = "a: &a {x: 1, z: 2}\nb: [" + repeatElement("*a", count: 50_000).joined(separator: ",") + "]"
        #expect(try YAMLReader.read(Array(yaml.utf8)).value["b"]?.arrayValue?.count == 50_000)
    }
}

@Suite struct `YAML that is odd is read with a remark` {
    @Test(arguments: [
        ("a: 1\nb: 2\na: 3", ["line 3: the key \"a\" is given again; the one in line 1 is ignored"]),
        ("1: a\n'1': b", ["line 2: the key \"1\" is given again; the one in line 1 is ignored"]),
        (
            "x: {a: 1,\n a: 2}\ny: {b: 1,\n b: 2}",
            [
                "line 2: the key \"a\" is given again; the one in line 1 is ignored",
                "line 4: the key \"b\" is given again; the one in line 3 is ignored",
            ]
        ),
        ("a: &a {b: 1}\nc: {<<: *a,\n b: 2}", []), ("a: &a {b: 1}\nc: {b: 2,\n <<: *a}", []),
        ("a: 1\n---\nb: 2", ["line 2: only the first document of a file is read, not what follows it"]),
        ("a: 1\n...\n", []), ("é: 1\ne\u{301}: 2", []),
    ])
    func `that names the line`(yaml: String, remarks: [String]) throws {
        #expect(try YAMLReader.read(Array(yaml.utf8)).remarks.map(\.description) == remarks)
    }

    @Test func `of which only some are told one by one`() throws {
        let yaml = "a: 0\n" + (1...50).map { "a: \($0)\n" }.joined()
        let remarks = try YAMLReader.read(Array(yaml.utf8)).remarks
        #expect(remarks.count == 21)
        #expect(remarks.last?.text == "30 more keys are given again below")
    }

    @Test func `and UTF-16 with a byte order mark is read too`() throws {
        let bytes: [UInt8] =
            [0xFF, 0xFE] + "a: ü".utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        #expect(try YAMLReader.read(bytes).value == ["a": "ü"])
        #expect { try YAMLReader.read([0x61, 0x3A, 0x20, 0x0A, 0xFF]) } throws: {
            "\($0)" == "line 2: invalid leading UTF-8 octet"
        }
    }
}

@Suite struct `The documents of a YAML text` {
    private static func values(_ yaml: String) throws -> [JSONValue] {
        try YAMLReader.documents(of: Array(yaml.utf8)).map { try $0.read().value }
    }

    @Test(
        arguments: [
            ("", []), ("# nothing\n", []), ("a: 1", [["a": 1]]),
            ("a: 1\n---\nb: 2\n...\n---\n[3]", [["a": 1], ["b": 2], [3]]),
            ("---\n---\nx\n", [.null, "x"]),
        ] as [(String, [JSONValue])])
    func `are read one by one`(yaml: String, values: [JSONValue]) throws {
        #expect(try Self.values(yaml) == values)
    }

    @Test func `know no anchors of each other`() {
        #expect { try Self.values("a: &a 1\n---\nb: *a") } throws: {
            "\($0)" == "line 3: unknown anchor 'a' referenced"
        }
    }

    @Test func `share the budget and name their lines`() throws {
        var budget = YAMLBudget()
        budget.nodes = 4
        #expect(try YAMLReader.documents(of: Array("[1]\n---\n[2]".utf8), budget: budget).count == 2)
        #expect { try YAMLReader.documents(of: Array("[1]\n---\n[2,3]".utf8), budget: budget) } throws: {
            "\($0)" == "line 3: more than 4 values and keys in one file"
        }
    }

    @Test func `are each read as what they are for`() throws {
        let documents = try YAMLReader.documents(of: Array("a: 1\n---\na: yes\na: 2".utf8))
        #expect(try documents[0].read(as: .map(.string)).value == ["a": "1"])
        let second = try documents[1].read()
        #expect(second.value == ["a": 2])
        #expect(second.remarks.map(\.line) == [4])
    }
}
