import Basics

/// A command line that is still being typed, matched with the commands that there are.
struct PartialCommandLine {
    /// What the word at the cursor can be.
    enum Expected {
        /// A command in the one before it.
        case subcommand
        /// The name of a flag or an option.
        case optionName
        /// The value of an option or of a positional argument.
        case value(CommandTree.Argument)
        /// Nothing that could be told.
        case nothing
    }

    /// The innermost command that is named.
    private(set) var command: CommandTree
    /// The positional arguments in front of the cursor.
    private(set) var positionals: [String] = []
    /// The options in front of the cursor with their values, and the flags without.
    private(set) var options: [(argument: CommandTree.Argument, value: String?)] = []
    /// What is expected at the cursor.
    private(set) var expected = Expected.nothing
    /// The part of the word at the cursor that the value follows, as `--output=`.
    private(set) var prefix = ""
    /// What there is of the value.
    private(set) var typed: String

    private var isPositionalOnly = false

    /// The command line of words without the program's name; the last is the one at the cursor.
    init(_ words: [String], _ root: CommandTree) {
        command = root
        typed = words.last ?? ""
        var open: CommandTree.Argument?
        for word in words.dropLast() {
            if let option = open {
                options.append((option, word))
                open = nil
            } else if !isPositionalOnly, word.utf8.count > 1, word.utf8.first == UInt8(ascii: "-") {
                open = take(option: word)
            } else if positionals.isEmpty, let next = command.subcommand(word) {
                command = next
            } else {
                positionals.append(word)
            }
        }
        if let open {
            expected = .value(open)
        } else {
            expect()
        }
    }

    /// Takes an option or a flag.
    ///
    /// - Returns: the option whose value is the next word; nil if there is none.
    private mutating func take(option word: String) -> CommandTree.Argument? {
        if word == "--" {
            isPositionalOnly = true
            return nil
        }
        let (name, value) = Self.split(word)
        guard let argument = command.arguments.first(where: { $0.names.contains(bytesOf: name) }) else { return nil }
        if argument.kind == .option, value == nil { return argument }
        options.append((argument, argument.kind == .option ? value : nil))
        return nil
    }

    /// The name of an option and the value that is in the same word.
    private static func split(_ word: String) -> (name: String, value: String?) {
        if word.hasBytePrefix("--") {
            guard let equals = word.firstByteIndex(of: "=") else { return (word, nil) }
            return (String(word[..<equals]), String(word[word.utf8.index(after: equals)...]))
        }
        let name = String(word.prefix(2)), rest = String(word.dropFirst(2))
        return (name, rest.isEmpty ? nil : rest.hasBytePrefix("=") ? String(rest.dropFirst()) : rest)
    }

    /// Finds what is expected at a word that no option waits for.
    private mutating func expect() {
        if !isPositionalOnly, typed.utf8.first == UInt8(ascii: "-") {
            guard typed.hasBytePrefix("--"), let equals = typed.firstByteIndex(of: "=") else {
                return expected = .optionName
            }
            let name = String(typed[..<equals])
            guard let argument = command.arguments.first(where: { $0.names.contains(bytesOf: name) }) else { return }
            prefix = name + "="
            typed = String(typed[typed.utf8.index(after: equals)...])
            expected = .value(argument)
        } else if !command.subcommands.isEmpty, positionals.isEmpty {
            expected = .subcommand
        } else {
            let places = command.positionals
            if positionals.count < places.count {
                expected = .value(places[positionals.count])
            } else if let last = places.last, last.isRepeating {
                expected = .value(last)
            }
        }
    }
}
