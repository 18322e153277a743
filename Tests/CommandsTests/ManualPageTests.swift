import ArgumentParser
import Testing

@testable import Commands

private struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "A sample with a -dash and a \\.",
        discussion: """
            First line.
            .Second line begins with a dot.

            Examples:
              sample 'a\\b' --flag
              'quoted at the start'

            Behind.
            """, version: "v1", subcommands: [Inner.self])

    struct Inner: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "inner", abstract: "What lies inside.")
        @Argument(help: ArgumentHelp("The key.", valueName: "key")) var keys: [String]
        @Option(name: [.short, .long], help: "What to print.") var output: String?
        @Flag(help: "Say less.") var quiet = false
    }
}

@Suite struct ManualPageTests {
    private static func page(_ file: String) throws -> String {
        let root = try #require(CommandTree(Sample.self))
        return try #require(ManualPage.all(of: root, version: "v1").first { $0.file == file }).text
    }

    @Test func `each command and each topic has a page`() throws {
        let root = try #require(CommandTree(Sample.self))
        let files = ManualPage.all(of: root, version: "v1").map(\.file)
        #expect(files.prefix(2) == ["sample.1", "sample-inner.1"])
        #expect(files.suffix(HelpTopic.all.count) == HelpTopic.all.map { "sample-\($0.name).7" }[...])
    }

    @Test func `nothing in a text is a request or an escape`() throws {
        let page = try Self.page("sample.1")
        #expect(page.contains("A sample with a \\-dash and a \\e."))
        #expect(page.contains("\n\\&.Second line begins with a dot.\n"))
        #expect(page.contains("\n  sample 'a\\eb' \\-\\-flag\n"))
    }

    @Test func `examples stay as they are, between paragraphs`() throws {
        let page = try Self.page("sample.1")
        let parts = page.split(separator: ".nf\n")
        #expect(parts.count == 2)
        #expect(parts.last?.contains(".fi\n.PP\nBehind.\n") == true)
    }

    @Test func `arguments are where they belong`() throws {
        let page = try Self.page("sample-inner.1")
        #expect(page.contains(".SH SYNOPSIS\n.B sample inner\n\\fIKEY\\fR… [\\fIOPTION\\fR…]\n"))
        #expect(page.contains(".TP\n\\fB\\-o\\fR, \\fB\\-\\-output\\fR \\fIOUTPUT\\fR\nWhat to print.\n"))
        #expect(page.contains(".TP\n\\fB\\-\\-quiet\\fR\nSay less.\n"))
        #expect(page.contains(".SH SEE ALSO\nsample(1)\n"))
    }
}
