public import Basics

/// A regular expression that finds where it matches, and where its groups do, as Go's `regexp` finds it: the leftmost match,
/// and of those the one that the pattern prefers.
///
/// Like ``LinearRegex`` it never backtracks.
public struct RegexFinder: Sendable {
    /// A match: the places of the whole and of each group, nil for groups that took no part.
    public struct Match: Sendable, Equatable {
        /// The whole first, then the groups in the order of their opening parentheses.
        public let ranges: [Range<Int>?]

        /// The whole.
        public var range: Range<Int> { ranges[0] ?? 0..<0 }
    }

    /// How many groups there are.
    public let groupCount: Int

    /// The numbers of the groups that have names.
    public let groupNames: [Identifier: Int]

    /// Whether the pattern is empty.
    public let isEmpty: Bool

    let program: RegexProgram

    /// Compiles a pattern.
    public init(_ pattern: String) throws(LinearRegex.SyntaxError) {
        guard pattern.utf8.count <= LinearRegex.longestPattern else {
            throw LinearRegex.SyntaxError(
                code: .tooLarge, fragment: String(String.UnicodeScalarView(pattern.unicodeScalars.prefix(40))) + "…")
        }
        var parser = RegexParser(pattern)
        let node = try parser.parse()
        program = try RegexProgram(node, pattern: pattern, marksGroups: true)
        groupCount = parser.groupCount
        groupNames = parser.groupNames
        isEmpty = pattern.isEmpty
    }

    /// The matches in a text one after another, at most `limit` of them unless that is negative.
    ///
    /// A match of nothing right behind another match does not count. With an exhausted budget some are missing.
    public func matches(
        in text: [Unicode.Scalar], limit: Int = -1, within work: inout StepBudget
    ) -> [Match] {
        var finder = GroupMatcher(program, groups: groupCount)
        var matches: [Match] = []
        var (place, lastEnd) = (0, -1)
        while limit < 0 || matches.count < limit, place <= text.count,
            let match = finder.first(in: text, from: place, &work)
        {
            let range = match.range
            if !range.isEmpty || range.lowerBound != lastEnd { matches.append(match) }
            place = range.isEmpty ? range.upperBound + 1 : range.upperBound
            lastEnd = range.upperBound
        }
        return matches
    }
}

/// Walks a text once with all threads that could lead to a match, in the order in which the pattern prefers them.
private struct GroupMatcher {
    /// An instruction that was reached, and the places of the groups on the way there; -1 where there is none.
    private struct Thread {
        var state: Int
        var places: [Int]
    }

    private let program: RegexProgram
    private let slots: Int
    private var current: [Thread] = []
    private var next: [Thread] = []
    /// The last round in which an instruction was reached.
    private var rounds: [Int]
    private var round = 0

    init(_ program: RegexProgram, groups: Int) {
        self.program = program
        slots = 2 * (groups + 1)
        rounds = Array(repeating: 0, count: program.instructions.count)
    }

    /// The first match at a place or behind it; nil also when the budget ends.
    mutating func first(
        in text: [Unicode.Scalar], from start: Int, _ work: inout StepBudget
    ) -> RegexFinder.Match? {
        current = []
        var best: [Int]?
        var place = start
        round += 1
        while true {
            if best == nil, place == 0 || !program.isAnchored {
                var places = Array(repeating: -1, count: slots)
                places[0] = place
                current += follow(Thread(state: 0, places: places), at: place, in: text)
            }
            guard work.spend(1 + current.count * (1 + slots >> 2)), !current.isEmpty || best == nil else { break }
            round += 1
            next.removeAll(keepingCapacity: true)
            for thread in current {
                if case .match = program.instructions[thread.state] {
                    best = thread.places
                    best?[1] = place
                    break
                }
                guard place < text.count, takes(text[place], at: thread.state) else { continue }
                next += follow(Thread(state: thread.state + 1, places: thread.places), at: place + 1, in: text)
            }
            swap(&current, &next)
            place += 1
            if place > text.count || program.isAnchored && current.isEmpty { break }
        }
        guard let best, !work.isExhausted else { return nil }
        return RegexFinder.Match(
            ranges: stride(from: 0, to: slots, by: 2).map { slot in
                best[slot] >= 0 && best[slot + 1] >= 0 ? best[slot]..<best[slot + 1] : nil
            })
    }

    private func takes(_ scalar: Unicode.Scalar, at state: Int) -> Bool {
        switch program.instructions[state] {
        case .literal(let literal): literal == scalar
        case .scalar(let number): program.classes[number].contains(scalar)
        default: false
        }
    }

    /// A thread, or those that go on from it without taking a scalar, but for those that were there this round already: they
    /// are preferred.
    private mutating func follow(_ start: Thread, at place: Int, in text: [Unicode.Scalar]) -> [Thread] {
        var threads: [Thread] = []
        var pending = [start]
        while var thread = pending.popLast() {
            guard rounds[thread.state] != round else { continue }
            rounds[thread.state] = round
            switch program.instructions[thread.state] {
            case .jump(let target):
                thread.state = target
                pending.append(thread)
            case .split(let first, let second):
                pending.append(Thread(state: second, places: thread.places))
                pending.append(Thread(state: first, places: thread.places))
            case .mark(let slot):
                thread.places[slot] = place
                thread.state += 1
                pending.append(thread)
            case .assertion(let assertion):
                let before = place > 0 ? text[place - 1] : nil
                let after = place < text.count ? text[place] : nil
                guard assertion.holds(between: before, and: after) else { continue }
                thread.state += 1
                pending.append(thread)
            case .literal, .scalar, .match: threads.append(thread)
            }
        }
        return threads
    }
}
