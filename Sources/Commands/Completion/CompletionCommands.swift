import ArgumentParser
import Basics
import Client
import ClientContexts

/// `muster completion`.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print what a shell needs to complete commands, types, keys and fields.",
        discussion: """
            Keys and fields come from the server that the line, the environment or the context means, if it was met before.

            Examples:
              source <(muster completion bash)
              muster completion zsh > ~/.zsh/_muster
              muster completion fish > ~/.config/fish/completions/muster.fish
            """)

    @Argument(help: "The shell.") var shell: CompletionScript

    func run() throws { try Console().finish(shell.text) }
}

/// `muster complete`, which the shells' scripts call.
struct CompleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete", abstract: "Print what can stand at the end of a command line.", shouldDisplay: false)

    @Option(help: "The shell that asks.") var shell: CompletionScript
    @Option(help: "The word at the cursor as bash splits words.") var word: String?
    @Argument(help: "The words after the program's name; of bash, the whole line.")
    var words: [String] = []

    func run() async throws {
        guard let root = CommandProgram.current.flatMap({ CommandTree($0.root) }) else { return }
        let typed = shell == .bash ? Array(ShellWords(words.first ?? "").words.dropFirst()) : words
        let line = PartialCommandLine(typed, root)
        var found = Candidates(fixed: line)
        if found == nil, case .value(let argument) = line.expected { found = await Self.ask(line, argument) }
        // What bash has split off comes from the line itself, so only its length counts.
        let split = word.map { max((typed.last ?? "").utf8.count - $0.utf8.count, 0) } ?? 0
        try Console().finish((found ?? Candidates()).text(dropping: split))
    }

    /// What a context or a server tells; nil if it does not, since completion has nobody to complain to.
    private static func ask(_ line: PartialCommandLine, _ argument: CommandTree.Argument) async -> Candidates? {
        do throws(ClientError) {
            if argument.valueName == "context" {
                return try await BlockingPool.shared.run { () throws(ClientError) in try contexts(line) }
            }
            return try await ServerCandidates(line).candidates(for: argument)
        } catch {
            return nil
        }
    }

    @available(*, noasync)
    private static func contexts(_ line: PartialCommandLine) throws(ClientError) -> Candidates? {
        guard let folders = ClientOptions.folders else { return nil }
        let contexts = try ContextFile(path: folders.contexts).contexts
        return Candidates(
            contexts.map { .init(word: line.prefix + $0.name, about: $0.context.endpoint ?? "") },
            typed: line.prefix + line.typed)
    }
}
