import StoreTesting

/// Makes inputs of other inputs: nearly right ones, mostly, since a parser turns noise away at its first byte.
struct Mutation {
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]
    private var random: SeededGenerator

    /// The longest input in bytes.
    private static let longest = 1 << 16

    init(_ corpus: [[UInt8]], words: [String], seed: UInt64) {
        self.corpus = corpus
        self.words = (words + Self.marks).map { Array($0.utf8) } + ExtremeNumbers.texts.map { Array($0.utf8) }
        random = SeededGenerator(seed: seed)
    }

    /// Texts that mean something to many parsers, and such as Unicode holds for equal or empty.
    private static let marks = [
        "\"", "'", "\\", "/", "//", "~", "~1", "%", "%2f", "%00", "(", ")", "[", "]", "{", "}", "<", ">", "*", "+", "?",
        "|", "^", "$", "#", "&", "=", ":", "::", ";", ",", ".", "-", "_", "@", "!", "0x", "e", "E", "null", "true",
        "\0",
        "\n", "\r\n", "\t", " ", "\u{7F}", "\u{E9}", "e\u{301}", "\u{301}", "\u{212A}", "K", "\u{FF11}", "\u{661}",
        "\u{2028}", "\u{FEFF}", "\u{10FFFF}", "\u{1F98A}", "\u{0}",
    ]

    /// The next input.
    mutating func next() -> [UInt8] {
        var input = pick(corpus) ?? []
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return random.bytes(0...40)
        case 1: return random.bytes(0...4) + nested()
        default: for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&input) }
        }
        return Array(input.prefix(Self.longest))
    }

    private mutating func mutate(_ input: inout [UInt8]) {
        let range = someRange(of: input)
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1, 2: replaceNumber(in: &input)
        case 3, 4: input.insert(contentsOf: pick(words) ?? [], at: range.lowerBound)
        case 5: input.replaceSubrange(range, with: pick(words) ?? [])
        case 6: input.removeSubrange(range)
        case 7: input.insert(contentsOf: input[range], at: range.upperBound)
        case 8:
            let other = pick(corpus) ?? []
            input.replaceSubrange(range, with: other[someRange(of: other)])
        case 9: input.insert(contentsOf: random.bytes(1...4), at: range.lowerBound)
        case 10:
            let part = Array(input[range].prefix(16))
            let count = Int.random(in: 1...2000, using: &random)
            input.insert(contentsOf: part.repeated(count), at: range.lowerBound)
        default: if !range.isEmpty { input[range.lowerBound] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        }
    }

    /// Something that opens and opens, and may close again.
    private mutating func nested() -> [UInt8] {
        let pairs = ["[]", "{}", "()", "\"\"", "<>", "[{", "((", "{{", "- ", "&a", "!(", "/a", ".a"]
        let pair = Array((pairs.randomElement(using: &random) ?? "[]").utf8)
        let count = Int.random(in: 1...5000, using: &random)
        let word = pick(words) ?? []
        var text = ([pair[0]] + (word.count < 8 ? word : [])).repeated(count) + word
        if Bool.random(using: &random) { text += [pair[1]].repeated(count) }
        return text
    }

    /// Puts an extreme number in the place of one, or anywhere.
    private mutating func replaceNumber(in input: inout [UInt8]) {
        let number = Array((ExtremeNumbers.texts.randomElement(using: &random) ?? "0").utf8)
        let place = Int.random(in: 0...input.count, using: &random)
        guard let digit = input[place...].firstIndex(where: \.isDigit) ?? input[..<place].lastIndex(where: \.isDigit)
        else { return input.insert(contentsOf: number, at: place) }
        let start = input[..<digit].lastIndex { !$0.isDigit }.map { $0 + 1 } ?? 0
        let end = input[digit...].firstIndex { !$0.isDigit } ?? input.count
        input.replaceSubrange(start..<end, with: number)
    }

    /// Some part of the bytes, mostly short.
    private mutating func someRange(of bytes: [UInt8]) -> Range<Int> {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let longest = Int.random(in: 0..<4, using: &random) == 0 ? bytes.count : 8
        return start..<min(bytes.count, start + Int.random(in: 0...max(1, longest), using: &random))
    }

    private mutating func pick(_ choices: [[UInt8]]) -> [UInt8]? { choices.randomElement(using: &random) }
}

/// Numbers at the ends of all integer types, and such as are no integers or hardly numbers.
public enum ExtremeNumbers {
    /// Their texts.
    public static let texts: [String] =
        ends(of: Int8.self) + ends(of: Int16.self) + ends(of: Int32.self) + ends(of: Int64.self) + ends(of: Int128.self)
        + ends(of: UInt8.self) + ends(of: UInt16.self) + ends(of: UInt32.self) + ends(of: UInt64.self)
        + ends(of: UInt128.self)
        + [
            "0", "-0", "00", "1", "-1", "+1", "0.1", "1e5", "1e308", "1e309", "-1e999999999", "1e-400",
            "9007199254740993", "9999999999", "253402300800", "-62135596801", String(repeating: "9", count: 400),
            "0." + String(repeating: "0", count: 400) + "1",
        ]

    private static func ends<Number: FixedWidthInteger>(of _: Number.Type) -> [String] {
        let (low, high) = (Number.min, Number.max)
        let beyond = high.description.dropLast() + String((high % 10).description.utf8.first! - 0x30 + 1)
        return ["\(low)", "\(low + 1)", "\(high)", "\(high - 1)", String(beyond), "-\(high)"]
    }
}

extension [UInt8] {
    /// So many of them one after another. What is there is doubled, since a debug build copies whole arrays fast.
    fileprivate func repeated(_ times: Int) -> [UInt8] {
        var bytes = self
        while bytes.count < count * times { bytes += bytes }
        return Array(bytes.prefix(count * times))
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
