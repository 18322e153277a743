/// How far a patch may still let a document grow. Without it a short patch could nest a document until the stack overflows,
/// or copy it into itself until memory ends.
struct JSONGrowthAllowance {
    let depth: Int
    private(set) var copiedBytes: Int

    init(depth: Int, copiedBytes: Int) {
        self.depth = depth
        self.copiedBytes = copiedBytes
    }

    /// Throws when the value would nest too deep at the pointer.
    func admit(_ value: JSONValue, at path: JSONPointer) throws(JSONPatch.Reason) {
        guard value.nests(atMost: depth - path.tokens.count) else { throw .tooDeep(path: path) }
    }

    /// Counts a copy, and throws when it would nest too deep or when it is one too much.
    mutating func admitCopy(of value: JSONValue, at path: JSONPointer) throws(JSONPatch.Reason) {
        guard spend(value) else { throw .copiesTooMuch }
        try admit(value, at: path)
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
    /// Whether no more than `levels` arrays and objects are open at once in this value.
    fileprivate func nests(atMost levels: Int) -> Bool {
        switch self {
        case .array(let elements): levels > 0 && elements.allSatisfy { $0.nests(atMost: levels - 1) }
        case .object(let object): levels > 0 && object.allSatisfy { $0.value.nests(atMost: levels - 1) }
        default: levels >= 0
        }
    }
}

extension JSONNumber {
    fileprivate var approximateLength: Int {
        guard case .long(let digits) = storage else { return 8 }
        return digits.count
    }
}
