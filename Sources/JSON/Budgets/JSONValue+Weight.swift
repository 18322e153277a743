extension JSONValue {
    /// About how much there is to look at: one for each value, and one for each 16 bytes of text.
    var weight: Int {
        switch self {
        case .null, .bool: 1
        case .number(let number): 1 + number.approximateLength >> 4
        case .string(let text): 1 + text.utf8.count >> 4
        case .array(let elements): elements.reduce(1) { $0 + $1.weight }
        case .object(let object): object.members.reduce(1) { $0 + $1.key.utf8.count >> 4 + $1.value.weight }
        }
    }
}

extension JSONNumber {
    /// About how many digits the number has.
    var approximateLength: Int {
        guard case .long(let digits) = storage else { return 8 }
        return digits.count
    }
}
