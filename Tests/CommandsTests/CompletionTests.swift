import ArgumentParser
import JSON
import StoreTesting
import Testing

@testable import Commands

/// A small program to complete.
private struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", subcommands: [Show.self, Group.self, Hidden.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Show it.")
        @Argument var type: String
        @Argument(help: ArgumentHelp("Keys.", valueName: "key")) var keys: [String] = []
        @Option(name: [.short, .long], completion: .list(["json", "yaml"])) var output: String?
        @Option(name: .short, completion: .file()) var file: String?
        @Flag var quiet = false
    }

    struct Group: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "group", subcommands: [Show.self])
    }

    struct Hidden: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "hidden", shouldDisplay: false)
    }
}

@Suite struct CompletionTests {
    private static func line(_ words: String...) throws -> PartialCommandLine {
        PartialCommandLine(words, try #require(CommandTree(Sample.self)))
    }

    private static func offered(_ words: String...) throws -> [String]? {
        Candidates(fixed: PartialCommandLine(words, try #require(CommandTree(Sample.self))))?.words.map(\.word)
    }

    @Test func `commands are offered where one is missing`() throws {
        #expect(try Self.offered("") == ["show", "group", "help"])
        #expect(try Self.offered("gr") == ["group"])
        #expect(try Self.offered("group", "") == ["show"])
        #expect(try Self.offered("nobody", "") == [])
    }

    @Test func `options are offered behind a dash, each once`() throws {
        #expect(try Self.offered("show", "--q") == ["--quiet"])
        #expect(try Self.offered("show", "--quiet", "--q") == [])
        #expect(try Self.offered("show", "-o", "json", "--o") == [])
        #expect(try Self.offered("show", "--", "-")?.isEmpty != false)
    }

    @Test func `values of an option follow it, in a word of their own or the same`() throws {
        #expect(try Self.offered("show", "-o", "") == ["json", "yaml"])
        #expect(try Self.offered("show", "--output=j") == ["--output=json"])
        let line = try Self.line("show", "-f", "x")
        #expect(Candidates(fixed: line)?.files == "file")
    }

    @Test(
        arguments: [
            (["show", ""], "type"), (["show", "machines", ""], "key"), (["show", "machines", "a", "b", ""], "key"),
            (["show", "-o", "json", "machines", "a"], "key"), (["show", "-ojson", "--quiet", ""], "type"),
            (["group", "show", "--", "-x"], "type"), (["show", "--output=json", "machines", ""], "key"),
        ])
    func `positional arguments are counted without options`(words: [String], name: String) throws {
        let line = PartialCommandLine(words, try #require(CommandTree(Sample.self)))
        guard case .value(let argument) = line.expected else { return #expect(Bool(false), "\(line.expected)") }
        #expect(argument.valueName == name)
    }

    @Test(
        arguments: [
            ("", [""]), ("muster", ["muster"]), ("muster ", ["muster", ""]),
            ("muster  list 'a b", ["muster", "list", "a b"]),
            ("a \"b\\\"c\" d\\ e", ["a", "b\"c", "d e"]), ("x=1; muster li", ["muster", "li"]),
            ("a | b && c ", ["c", ""]),
            ("a '' ", ["a", "", ""]), ("a 'x\\y'", ["a", "x\\y"]),
        ])
    func `a line has the words that a shell would see`(line: String, words: [String]) {
        #expect(ShellWords(line).words == words)
    }

    @Test func `any line and any words are completed without harm`() throws {
        let root = try #require(CommandTree(Sample.self))
        let pieces = ["show", "group", "-o", "--output=", "--", "-", "'", "\"", "\\", " ", "=", ":", "ü", "\n", "-f"]
        for seed in 0..<2000 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let text = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }
            let words = ShellWords(text.joined()).words
            #expect(!words.isEmpty)
            let line = PartialCommandLine(words, root)
            for candidate in Candidates(fixed: line)?.words ?? [] {
                #expect(candidate.word.hasPrefix(line.prefix + line.typed))
            }
        }
    }

    @Test func `what the scripts read has a line for each word`() {
        let candidates = Candidates([
            .init(word: "Name=", about: "a\tb\nc", isWhole: false), .init(word: "x\ny", about: ""),
            .init(word: "Name="),
        ])
        #expect(candidates.text() == "words\nName=\ta\t+\nx\t\n")
        #expect(candidates.text(dropping: 2) == "words\nme=\ta\t+\ny\t\n")
    }
}
