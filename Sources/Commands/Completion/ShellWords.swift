/// The words of a command line as a shell reads them: parted by blanks, with quotes and backslashes taken away.
struct ShellWords {
    /// The words; the last is the one at the end of the line, empty after a blank.
    private(set) var words: [String] = []

    private var word = ""
    private var isOpen = false

    /// The words of the last command of a line that may not be finished.
    init(_ line: String) {
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                (isEscaped, isOpen) = (true, true)
            } else if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                (quote, isOpen) = (character, true)
            } else if character == " " || character == "\t" || character == "\n" {
                end()
            } else if character == "|" || character == ";" || character == "&" {
                // A new command begins.
                (words, word, isOpen) = ([], "", false)
            } else {
                word.append(character)
            }
        }
        words.append(word)
    }

    private mutating func end() {
        if isOpen || !word.isEmpty { words.append(word) }
        (word, isOpen) = ("", false)
    }
}
