extension WordCase {
    /// What a run of characters consists of.
    private enum Kind {
        case none, number, capitalized, lowercase, connector, punctuation, other
    }

    /// `SomeLongName` as `some_long_name`: words in lower case with a connector between them. Numbers stay with the word in
    /// front of them, or begin one with the letters behind them.
    static func joined(_ text: String, by connector: Unicode.Scalar) -> String {
        var joiner = Joiner(scalars: Array(text.unicodeScalars), connector: connector)
        joiner.run()
        return String(String.UnicodeScalarView(joiner.result))
    }

    private struct Joiner {
        let scalars: [Unicode.Scalar]
        let connector: Unicode.Scalar
        var result: [Unicode.Scalar] = []
        private var position = 0
        private var kind = Kind.none
        private var word: ArraySlice<Unicode.Scalar> = []

        init(scalars: [Unicode.Scalar], connector: Unicode.Scalar) {
            self.scalars = scalars
            self.connector = connector
        }

        private var isAtEnd: Bool { position == scalars.count }

        mutating func run() {
            guard !scalars.isEmpty else { return }
            next()
            while !isAtEnd {
                if kind != .connector { append(kind, word) }
                let (previous, last) = (kind, word)
                next()
                switch previous {
                case .number: takeNumberedWord(or: [.none, .punctuation, .connector])
                case .connector: append(previous, last)
                case .punctuation: break
                default: followWord()
                }
            }
            append(kind, word)
        }

        /// After letters: a connector, unless a number belongs to them.
        private mutating func followWord() {
            guard kind == .number else {
                if kind != .connector, kind != .punctuation { result.append(connector) }
                return
            }
            guard !isAtEnd else { return }
            let number = word
            next()
            guard kind == .lowercase else {
                append(.number, number)
                if kind != .connector, kind != .punctuation { result.append(connector) }
                return
            }
            result.append(connector)
            append(.number, number)
            takeNumberedWord(or: [.none, .connector, .punctuation])
        }

        /// Takes what belongs to a number, and a connector unless one of these kinds follows.
        private mutating func takeNumberedWord(or ends: Set<Kind>) {
            while kind == .lowercase || kind == .number {
                append(kind, word)
                next()
            }
            if !ends.contains(kind) { result.append(connector) }
        }

        private mutating func append(_ kind: Kind, _ word: ArraySlice<Unicode.Scalar>) {
            guard kind == .capitalized || kind == .connector else {
                result += word
                return
            }
            result += word.map { isConnector($0) ? connector : $0.isUpper ? GoText.lower($0) : $0 }
        }

        /// Goes on to the next run.
        private mutating func next() {
            let start = position
            guard start < scalars.count else {
                (kind, word) = (.none, [])
                return
            }
            kind = Joiner.kind(of: scalars[start])
            position += 1
            switch kind {
            case .capitalized: takeCapitalized()
            case .lowercase: take { $0.isLetter && !$0.isUpper }
            case .number: take(\.isNumber)
            case .connector: take(isConnector)
            case .punctuation: take(\.isPunctuation)
            default: take { Joiner.kind(of: $0) == .other }
            }
            word = scalars[start..<position]
        }

        private mutating func take(_ belongs: (Unicode.Scalar) -> Bool) {
            while position < scalars.count, belongs(scalars[position]) { position += 1 }
        }

        /// A capital with the letters behind it; of several capitals the last one begins the next word.
        private mutating func takeCapitalized() {
            guard position < scalars.count else { return }
            guard scalars[position].isUpper else { return take { $0.isLetter && !$0.isUpper } }
            take(\.isUpper)
            if position < scalars.count, scalars[position].isLetter { position -= 1 }
        }

        private static func kind(of scalar: Unicode.Scalar) -> Kind {
            if isConnector(scalar) { return .connector }
            if scalar.isPunctuation { return .punctuation }
            if scalar.isUpper { return .capitalized }
            if scalar.isLetter { return .lowercase }
            return scalar.isNumber ? .number : .other
        }
    }
}
