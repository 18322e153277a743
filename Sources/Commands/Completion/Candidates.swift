import Basics

/// What can stand at the cursor of a command line.
struct Candidates: Sendable {
    /// A word that can stand there.
    struct Candidate: Sendable {
        /// The word.
        let word: String
        /// What it is, in a few words; empty if it says so itself.
        var about = ""
        /// Whether the word is done, so that a space follows; a `Name=` is not.
        var isWhole = true
    }

    /// The most words that are offered.
    static let limit = 500

    /// The words.
    var words: [Candidate] = []
    /// The kind of files that can stand there too, `file` or `directory`; nil for none.
    var files: String?

    /// Words that begin like what was typed, each once and in their order.
    init(_ candidates: [Candidate] = [], typed: String = "", files: String? = nil) {
        var seen: Set<Identifier> = []
        for candidate in candidates where candidate.word.hasBytePrefix(typed) && words.count < Self.limit {
            if seen.insert(Identifier(candidate.word)).inserted { words.append(candidate) }
        }
        self.files = files
    }

    /// What the shells' scripts read: the kind of files or `words`, then a line for each word with a tab and what it is;
    /// what is not whole has a tab and `+` at the end.
    ///
    /// - Parameter dropping: so many bytes at the start of each word are left out, for shells that split words.
    func text(dropping count: Int = 0) -> String {
        var text = (files ?? "words") + "\n"
        for candidate in words {
            let word = String(decoding: candidate.word.utf8.dropFirst(count), as: UTF8.self)
            text += "\(Self.line(word))\t\(Self.line(candidate.about))\(candidate.isWhole ? "" : "\t+")\n"
        }
        return text
    }

    /// A text without what would end its line or column.
    private static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix { $0.value >= 32 && $0.value != 127 }))
    }
}

extension Candidates {
    /// The candidates that commands alone tell: their names, options and fixed values. What only a server knows is nil.
    ///
    /// - Parameter line: what was typed.
    init?(fixed line: PartialCommandLine) {
        switch line.expected {
        case .nothing: self.init()
        case .subcommand:
            self.init(line.command.subcommands.map { Candidate(word: $0.name, about: $0.abstract) }, typed: line.typed)
        case .optionName:
            let used = line.options.flatMap(\.argument.names)
            let open = line.command.arguments.filter { argument in
                argument.isRepeating || !argument.names.contains { used.contains(bytesOf: $0) }
            }
            let candidates = open.flatMap { argument in
                argument.names.filter {
                    line.typed.hasBytePrefix("--") || line.typed.utf8.count < 3 || $0.utf8.count == 2
                }
                .map { Candidate(word: $0, about: argument.abstract) }
            }
            self.init(candidates, typed: line.typed)
        case .value(let argument):
            let values = argument.values.map {
                Candidate(word: line.prefix + $0, isWhole: $0.utf8.last != UInt8(ascii: "="))
            }
            guard !values.isEmpty || argument.files != nil else { return nil }
            self.init(values, typed: line.prefix + line.typed, files: argument.files)
        }
    }
}
