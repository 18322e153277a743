/// Walks a text once with the set of all instructions a match could have reached (Pike's simulation, without captures).
struct RegexMatcher {
    private let program: RegexProgram
    private var current: SparseSet
    private var next: SparseSet
    /// Instructions still to be followed; kept to spare allocations.
    private var pending: [Int] = []

    init(_ program: RegexProgram) {
        self.program = program
        current = SparseSet(capacity: program.instructions.count)
        next = current
    }

    /// Whether there is a match anywhere in the text that is found before `work` ends.
    mutating func search(_ text: String, _ work: inout StepBudget) -> Bool {
        // Room for the sets of states is made for each text.
        guard work.spend(program.instructions.count >> 4) else { return false }
        var before: Unicode.Scalar?
        var rest = text.unicodeScalars.makeIterator()
        var after = rest.next()
        while true {
            // A match may begin at every place.
            if before == nil || !program.isAnchored {
                if Self.follow(0, of: program, between: before, and: after, into: &current, &pending) { return true }
            }
            guard let scalar = after, !current.members.isEmpty || !program.isAnchored else { return false }
            after = rest.next()
            next.members.removeAll(keepingCapacity: true)
            guard work.spend(current.members.count + 1) else { return false }
            for state in current.members where takes(scalar, at: state) {
                if Self.follow(state + 1, of: program, between: scalar, and: after, into: &next, &pending) {
                    return true
                }
            }
            swap(&current, &next)
            before = scalar
        }
    }

    private func takes(_ scalar: Unicode.Scalar, at state: Int) -> Bool {
        switch program.instructions[state] {
        case .literal(let literal): literal == scalar
        case .scalar(let number): program.classes[number].contains(scalar)
        default: false
        }
    }

    /// Adds an instruction and all that can be reached from it without taking a scalar; true when that is a match.
    private static func follow(
        _ start: Int, of program: RegexProgram, between before: Unicode.Scalar?, and after: Unicode.Scalar?,
        into set: inout SparseSet, _ pending: inout [Int]
    ) -> Bool {
        pending.append(start)
        while let state = pending.popLast() {
            guard set.insert(state) else { continue }
            switch program.instructions[state] {
            case .match: return true
            case .jump(let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .assertion(let assertion):
                if assertion.holds(between: before, and: after) { pending.append(state + 1) }
            case .mark: pending.append(state + 1)
            case .literal, .scalar: break
            }
        }
        return false
    }
}

/// A set of small numbers that is emptied in no time.
private struct SparseSet {
    var members: [Int] = []
    /// Where a number stands in `members`, if it does.
    private var positions: [Int]

    init(capacity: Int) {
        positions = Array(repeating: 0, count: capacity)
        members.reserveCapacity(capacity)
    }

    /// False when the number was there already.
    mutating func insert(_ number: Int) -> Bool {
        let position = positions[number]
        if position < members.count, members[position] == number { return false }
        positions[number] = members.count
        members.append(number)
        return true
    }
}
