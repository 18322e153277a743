/// How far a patch may still let a document grow. Without it a short patch could nest a document until the stack overflows,
/// or copy it into itself until memory ends.
struct JSONGrowthAllowance {
    let depth: Int
    private(set) var copiedBytes: Int

    init(depth: Int, copiedBytes: Int) {
        self.depth = depth
        self.copiedBytes = copiedBytes
    }

    /// Throws when the value would nest too deep at the pointer. Each value that is looked at takes a step of `work`.
    func admit(
        _ value: JSONValue, at path: JSONPointer, _ work: inout StepBudget
    ) throws(JSONPatch.Reason) {
        guard value.nests(atMost: depth - path.tokens.count, &work) else {
            throw work.isExhausted ? .tooMuchWork : .tooDeep(path: path)
        }
    }

    /// Counts a copy, and throws when it would nest too deep or when it is one too much.
    mutating func admitCopy(
        of value: JSONValue, at path: JSONPointer, _ work: inout StepBudget
    ) throws(JSONPatch.Reason) {
        guard spend(value) else { throw .copiesTooMuch }
        try admit(value, at: path, &work)
    }

    /// Takes about the length of the value's text from the allowance; false as soon as that is used up.
    private mutating func spend(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool: copiedBytes -= 5
        case .number(let number): copiedBytes -= number.approximateLength
        case .string(let text): copiedBytes -= text.utf8.count + 3
        case .array(let elements):
            copiedBytes -= 2
            for element in elements where !spend(element) { return false }
        case .object(let object):
            copiedBytes -= 2
            for (key, member) in object {
                copiedBytes -= key.utf8.count + 4
                guard spend(member) else { return false }
            }
        }
        return copiedBytes >= 0
    }
}

extension JSONValue {
    /// Whether no more than `levels` arrays and objects are open at once in this value, as far as there are steps to tell.
    fileprivate func nests(atMost levels: Int, _ work: inout StepBudget) -> Bool {
        guard work.spend() else { return false }
        switch self {
        case .array(let elements):
            guard levels > 0 else { return false }
            for element in elements where !element.nests(atMost: levels - 1, &work) { return false }
            return true
        case .object(let object):
            guard levels > 0 else { return false }
            for member in object.members where !member.value.nests(atMost: levels - 1, &work) { return false }
            return true
        default: return levels >= 0
        }
    }
}
