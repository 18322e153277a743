/// A regular expression as instructions for `RegexMatcher` (Thompson's construction).
struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        /// Takes one scalar, then goes on with the next instruction.
        case literal(Unicode.Scalar)
        /// Takes one scalar of the class with this number, then goes on with the next instruction.
        case scalar(Int)
        /// Goes on with the next instruction where the condition holds.
        case assertion(RegexAssertion)
        /// Goes on with both; the first one is preferred.
        case split(Int, Int)
        case jump(Int)
        /// Notes the place as the start or the end of a group, then goes on with the next instruction.
        case mark(Int)
        case match
    }

    /// RE2's limit on `{n,m}`; together with the limit on instructions it bounds what a pattern can cost.
    static let maxRepeat = 1000
    /// Also limits the work of compiling, since every node costs one even where it leaves no instruction.
    static let maxInstructions = 10_000

    private(set) var instructions: [Instruction] = []
    private(set) var classes: [ScalarClass] = []
    private var allowance = Self.maxInstructions
    /// Whether the places of groups are wanted; to find out only if there is a match takes fewer instructions.
    private let marksGroups: Bool

    init(_ node: RegexNode, pattern: String, marksGroups: Bool = false) throws(LinearRegex.SyntaxError) {
        self.marksGroups = marksGroups
        do { try emit(node) } catch {
            throw LinearRegex.SyntaxError(code: .tooLarge, fragment: pattern)
        }
        instructions.append(.match)
    }

    /// Whether the program can only match at the start of a text.
    var isAnchored: Bool {
        guard case .assertion(.textStart) = instructions[0] else { return false }
        return true
    }

    private struct TooLarge: Error {}

    private mutating func emit(_ node: RegexNode) throws(TooLarge) {
        allowance -= 1
        guard allowance >= 0, instructions.count < Self.maxInstructions else { throw TooLarge() }
        switch node {
        case .empty: break
        case .literal(let scalar): instructions.append(.literal(scalar))
        case .scalar(let scalars):
            instructions.append(.scalar(classes.count))
            classes.append(scalars)
        case .assertion(let assertion): instructions.append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .alternatives(let nodes): try emit(alternatives: nodes[...])
        case .repeated(let node, let least, let most, let isLazy):
            try emit(node, least: least, most: most, isLazy: isLazy)
        case .group(let node, let number):
            if marksGroups { instructions.append(.mark(2 * number)) }
            try emit(node)
            if marksGroups { instructions.append(.mark(2 * number + 1)) }
        }
    }

    private mutating func emit(alternatives nodes: ArraySlice<RegexNode>) throws(TooLarge) {
        var jumps: [Int] = []
        for node in nodes.dropLast() {
            let split = reserve()
            try emit(node)
            jumps.append(reserve())
            instructions[split] = .split(split + 1, instructions.count)
        }
        if let last = nodes.last { try emit(last) }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emit(_ node: RegexNode, least: Int, most: Int?, isLazy: Bool) throws(TooLarge) {
        for _ in 0..<least { try emit(node) }
        guard let most else {
            let split = reserve()
            try emit(node)
            instructions.append(.jump(split))
            instructions[split] = branch(split + 1, instructions.count, isLazy)
            return
        }
        var splits: [Int] = []
        for _ in least..<max(least, most) {
            splits.append(reserve())
            try emit(node)
        }
        for split in splits { instructions[split] = branch(split + 1, instructions.count, isLazy) }
    }

    /// A branch into a repetition or past it, in the order in which they are tried.
    private func branch(_ inside: Int, _ past: Int, _ isLazy: Bool) -> Instruction {
        isLazy ? .split(past, inside) : .split(inside, past)
    }

    /// Room for an instruction whose target is not known yet.
    private mutating func reserve() -> Int {
        instructions.append(.jump(0))
        return instructions.count - 1
    }
}
