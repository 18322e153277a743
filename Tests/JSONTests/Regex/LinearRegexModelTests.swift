import JSON
import StoreTesting
import Testing

/// The engine against a backtracking matcher on small random patterns, and against random bytes.
struct LinearRegexModelTests {
    @Test(arguments: 1...400 as ClosedRange<UInt64>)
    func `random patterns match what a backtracking matcher matches`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pattern = Pattern.random(depth: 3, using: &generator)
        let regex = try LinearRegex(pattern.text)
        for _ in 0..<12 {
            let text = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                generator.pick(["a", "b", "B", "\n", "é"])
            }.joined()
            #expect(
                regex.matches(text) == pattern.isFound(in: Array(text.unicodeScalars)),
                "seed \(seed): \(pattern.text) in \(text.debugDescription)")
        }
    }

    @Test(arguments: 1...400 as ClosedRange<UInt64>)
    func `any text is a pattern or refused`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "a", "é", "(", ")", "(?", "(?i)", "(?P<n>", "[", "]", "[^", "[:alpha:]", "-", "\\", "\\d", "\\p", "\\p{",
            "{", "}",
            "{2,3}", "{9", ",", "*", "+", "?", "|", "^", "$", ".", "\\b", "\\x", "\\Q", "\\E", ":", "0", "7", "\u{301}",
            "🦊",
        ]
        let pattern = (0..<Int.random(in: 0...14, using: &generator)).map { _ in generator.pick(pieces) }.joined()
        do {
            let regex = try LinearRegex(pattern)
            for text in ["", "a", "aé7\n-", pattern] { _ = regex.matches(text) }
        } catch {
            #expect("\(error)".hasPrefix("error parsing regexp: "), "seed \(seed)")
        }
    }
}

/// A pattern that can be written down, and matched in the plainest way.
private indirect enum Pattern {
    case literal(Unicode.Scalar)
    case dot
    case set([Unicode.Scalar], negated: Bool)
    case start, end, lineStart, boundary
    case sequence([Pattern])
    case either(Pattern, Pattern)
    case times(Pattern, least: Int, most: Int?, suffix: String)

    static func random(depth: Int, using generator: inout SeededGenerator) -> Pattern {
        switch Int.random(in: 0..<(depth > 0 ? 12 : 6), using: &generator) {
        case 0, 1, 2: return .literal(generator.pick(["a", "b", "é"]))
        case 3: return .dot
        case 4:
            return .set(
                [generator.pick(["a", "b"]), generator.pick(["B", "\n"])], negated: Bool.random(using: &generator))
        case 5: return generator.pick([.start, .end, .lineStart, .boundary])
        case 6, 7, 8:
            return .sequence(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
        case 9: return .either(random(depth: depth - 1, using: &generator), random(depth: depth - 1, using: &generator))
        default:
            let (least, most, suffix): (Int, Int?, String) = generator.pick([
                (0, nil, "*"), (1, nil, "+"), (0, 1, "?"), (0, nil, "*?"), (2, 2, "{2}"), (1, nil, "{1,}"),
                (0, 2, "{0,2}"),
                (1, 3, "{1,3}?"),
            ])
            return .times(random(depth: depth - 1, using: &generator), least: least, most: most, suffix: suffix)
        }
    }

    var text: String {
        switch self {
        case .literal(let scalar): String(scalar)
        case .dot: "."
        case .set(let scalars, let negated):
            "[\(negated ? "^" : "")\(scalars.map { $0 == "\n" ? "\\n" : String($0) }.joined())]"
        case .start: "^"
        case .end: "$"
        case .lineStart: "(?m:^)"
        case .boundary: "\\b"
        case .sequence(let parts): "(?:\(parts.map(\.text).joined()))"
        case .either(let left, let right): "(\(left.text)|\(right.text))"
        case .times(let part, _, _, let suffix): "(?:\(part.text))\(suffix)"
        }
    }

    func isFound(in text: [Unicode.Scalar]) -> Bool {
        (0...text.count).contains { match(text, from: $0) { _ in true } }
    }

    /// Calls `next` with every place a match from `index` can end, until it is content.
    private func match(_ text: [Unicode.Scalar], from index: Int, then next: (Int) -> Bool) -> Bool {
        let scalar = index < text.count ? text[index] : nil
        switch self {
        case .literal(let literal): return scalar == literal && next(index + 1)
        case .dot: return scalar != nil && scalar != "\n" && next(index + 1)
        case .set(let scalars, let negated):
            guard let scalar else { return false }
            return scalars.contains(scalar) != negated && next(index + 1)
        case .start: return index == 0 && next(index)
        case .end: return index == text.count && next(index)
        case .lineStart: return (index == 0 || text[index - 1] == "\n") && next(index)
        case .boundary:
            let isWord = { (scalar: Unicode.Scalar) in scalar != "\n" && scalar != "é" }
            let before = index > 0 && isWord(text[index - 1])
            return before != (scalar.map(isWord) ?? false) && next(index)
        case .sequence(let parts):
            guard let first = parts.first else { return next(index) }
            return first.match(text, from: index) {
                Pattern.sequence(Array(parts.dropFirst())).match(text, from: $0, then: next)
            }
        case .either(let left, let right):
            return left.match(text, from: index, then: next) || right.match(text, from: index, then: next)
        case .times(let part, let least, let most, let suffix):
            if least == 0, next(index) { return true }
            guard most != 0 else { return false }
            return part.match(text, from: index) { end in
                // Going round without getting on would never end, and adds nothing beyond what is required.
                if end == index, least == 0 { return false }
                return Pattern.times(part, least: max(0, least - 1), most: most.map { $0 - 1 }, suffix: suffix)
                    .match(text, from: end, then: next)
            }
        }
    }
}
