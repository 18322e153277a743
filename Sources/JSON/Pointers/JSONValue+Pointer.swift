extension JSONValue {
    /// The value a pointer leads to, nil when it leads nowhere.
    public subscript(_ pointer: JSONPointer) -> JSONValue? {
        do { return try value(at: pointer) } catch { return nil }
    }

    /// The value a pointer leads to; throws where the way ends.
    public func value(at pointer: JSONPointer) throws(JSONPointerError) -> JSONValue {
        var value = self
        for (depth, token) in pointer.tokens.enumerated() {
            value = try value.child(token, rest: pointer.tokens[depth...])
        }
        return value
    }

    private func child(_ token: String, rest: ArraySlice<String>) throws(JSONPointerError) -> JSONValue {
        switch self {
        case .object(let object):
            guard let member = object[token] else { throw .notMember(key: token, object: object) }
            return member
        case .array(let elements): return elements[try token.arrayIndex(below: elements.count)]
        default: throw .notIndexable(rest: JSONPointer(tokens: Array(rest)))
        }
    }
}

extension String {
    /// This token as an array index (RFC 6901 §4: digits without a leading zero) below `bound`.
    func arrayIndex(below bound: Int) throws(JSONPointerError) -> Int {
        // The index behind the last element, which never exists.
        if self == "-" { throw .indexOutOfBounds }
        let isCanonical = utf8.first != UInt8(ascii: "0") || utf8.count == 1
        guard !isEmpty, isCanonical, utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            throw .notIndex(token: self)
        }
        guard let index = Int(self), index < bound else { throw .indexOutOfBounds }
        return index
    }
}
