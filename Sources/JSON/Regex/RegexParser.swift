import Basics

/// Reads RE2's syntax, with the flags Go's `regexp.Compile` sets.
struct RegexParser {
    typealias SyntaxError = LinearRegex.SyntaxError

    struct Flags {
        var foldsCase = false
        var isMultiline = false
        var dotTakesLineFeed = false
        /// Swaps greedy and lazy.
        var isUngreedy = false
    }

    /// Parser, compiler and the tree's own destruction recurse as deep as groups nest.
    private static let maxDepth = 200

    let scalars: [Unicode.Scalar]
    var index = 0
    var flags = Flags()
    private(set) var groupNames: [Identifier: Int] = [:]
    /// How many groups there are whose text is wanted.
    private(set) var groupCount = 0

    init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    mutating func parse() throws(SyntaxError) -> RegexNode {
        let node = try parseAlternatives(depth: 0)
        guard index == scalars.count else { throw fault(.unexpectedParenthesis, from: 0, to: scalars.count) }
        return node
    }

    private mutating func parseAlternatives(depth: Int) throws(SyntaxError) -> RegexNode {
        guard depth <= Self.maxDepth else { throw fault(.nestingDepth, from: 0, to: scalars.count) }
        var alternatives = [try parseSequence(depth: depth)]
        while take("|") { alternatives.append(try parseSequence(depth: depth)) }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func parseSequence(depth: Int) throws(SyntaxError) -> RegexNode {
        var nodes: [RegexNode] = []
        var repeatable = false
        var lastRepeat: Int?
        while let scalar = peek(), scalar != "|", scalar != ")" {
            let start = index
            if let bounds = try parseRepeat() {
                let isLazy = take("?") != flags.isUngreedy
                if let lastRepeat { throw fault(.invalidRepeatOperator, from: lastRepeat) }
                guard repeatable, let node = nodes.popLast() else { throw fault(.missingRepeatArgument, from: start) }
                nodes.append(.repeated(node, least: bounds.least, most: bounds.most, isLazy: isLazy))
                lastRepeat = start
            } else {
                lastRepeat = nil
                let atoms = try parseAtom(depth: depth)
                repeatable = !atoms.isEmpty
                nodes += atoms
            }
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    /// One thing that can be repeated; nothing where only flags are set, several where `\Q…\E` quotes several.
    private mutating func parseAtom(depth: Int) throws(SyntaxError) -> [RegexNode] {
        let start = index
        switch scalars[index] {
        case "(": return try parseGroup(depth: depth).map { [$0] } ?? []
        case "[": return [.scalar(try parseClass())]
        case "\\": return try parseEscapedAtom()
        default: break
        }
        index += 1
        return switch scalars[start] {
        case ".": [.scalar(flags.dotTakesLineFeed ? .anything : .anythingButLineFeed)]
        case "^": [.assertion(flags.isMultiline ? .lineStart : .textStart)]
        case "$": [.assertion(flags.isMultiline ? .lineEnd : .textEnd)]
        case let scalar: [literal(scalar)]
        }
    }

    func literal(_ scalar: Unicode.Scalar) -> RegexNode {
        guard flags.foldsCase, scalar.otherCases.contains(where: { $0 != scalar }) else { return .literal(scalar) }
        return .scalar(ScalarClass([scalar.value...scalar.value]).finished(foldsCase: true))
    }

    // MARK: - Repetition

    private mutating func parseRepeat() throws(SyntaxError) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = index
        guard take("{"), let least = parseCount() else {
            // Braces around anything else stand for themselves.
            index = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = parseCount() }
        guard take("}") else {
            index = start
            return nil
        }
        guard max(least, most ?? 0) <= RegexProgram.maxRepeat, least <= most ?? least else {
            throw fault(.invalidRepeatSize, from: start)
        }
        return (least, most)
    }

    private mutating func parseCount() -> Int? {
        let start = index
        var count = 0
        while let digit = peek()?.value, case 0x30...0x39 = digit {
            count = min(count * 10 + Int(digit - 0x30), RegexProgram.maxRepeat + 1)
            index += 1
        }
        return index > start ? count : nil
    }

    // MARK: - Groups

    private mutating func parseGroup(depth: Int) throws(SyntaxError) -> RegexNode? {
        let outer = flags
        index += 1
        var number: Int?
        if take("?"), peek() != "P", peek() != "<" {
            guard try parseFlags() == ":" else { return nil }
        } else {
            groupCount += 1
            number = groupCount
            if scalars[index - 1] == "?" { try parseGroupName() }
        }
        let node = try parseAlternatives(depth: depth + 1)
        guard take(")") else { throw fault(.missingParenthesis, from: 0, to: scalars.count) }
        flags = outer
        return number.map { .group(node, $0) } ?? node
    }

    /// The name of `(?P<name>` and `(?<name>`, of the group that has just been counted.
    private mutating func parseGroupName() throws(SyntaxError) {
        let start = index - 2
        _ = take("P")
        guard take("<") else { throw fault(.invalidPerlOperator, from: start, to: min(index + 1, scalars.count)) }
        let nameStart = index
        while let scalar = peek(), ScalarClass.wordScalars.contains(scalar) { index += 1 }
        let name = text(from: nameStart)
        guard !name.isEmpty, take(">") else {
            throw fault(.invalidNamedCapture, from: start, to: min(index + 1, scalars.count))
        }
        guard groupNames.updateValue(groupCount, forKey: Identifier(name)) == nil else {
            throw fault(.invalidNamedCapture, from: start)
        }
    }

    /// Reads `flags)` or `flags:` and returns the last of these.
    private mutating func parseFlags() throws(SyntaxError) -> Unicode.Scalar {
        let start = index - 2
        var value = true
        while let scalar = peek() {
            index += 1
            switch scalar {
            case "i": flags.foldsCase = value
            case "m": flags.isMultiline = value
            case "s": flags.dotTakesLineFeed = value
            case "U": flags.isUngreedy = value
            case "-" where value: value = false
            case ")", ":": return scalar
            default: throw fault(.invalidPerlOperator, from: start)
            }
        }
        throw fault(.missingParenthesis, from: 0, to: scalars.count)
    }

    // MARK: - Reading

    func peek() -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        index += 1
        return true
    }

    func text(from start: Int, to end: Int? = nil) -> String {
        var text = String.UnicodeScalarView()
        text += scalars[start..<(end ?? index)]
        return String(text)
    }

    func fault(_ code: SyntaxError.Code, from start: Int, to end: Int? = nil) -> SyntaxError {
        SyntaxError(code: code, fragment: text(from: start, to: end))
    }
}
