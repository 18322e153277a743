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

    /// Lends the value at a path for change in place.
    private mutating func edit(
        at tokens: ArraySlice<String>, _ body: (inout JSONValue) throws(JSONPointerError) -> Void
    ) throws(JSONPointerError) {
        guard let token = tokens.first else { return try body(&self) }
        switch self {
        case .object(var object):
            guard object[token] != nil else { throw .notMember(key: token, object: object) }
            // Holding on to the old value would force a copy of it.
            self = .null
            defer { self = .object(object) }
            try object[token]!.edit(at: tokens.dropFirst(), body)
        case .array(var elements):
            let index = try token.arrayIndex(below: elements.count)
            self = .null
            defer { self = .array(elements) }
            try elements[index].edit(at: tokens.dropFirst(), body)
        default: throw .notIndexable(rest: JSONPointer(tokens: Array(tokens)))
        }
    }
}

extension JSONValue {
    /// Puts a value at a pointer as RFC 6902 `add` does: sets an object's member, inserts into an array before the index or
    /// behind the last element (`-`), or replaces the whole document.
    public mutating func add(_ value: JSONValue, at pointer: JSONPointer) throws(JSONPointerError) {
        guard let last = pointer.tokens.last else { return self = value }
        try edit(at: pointer.tokens.dropLast()) { (parent) throws(JSONPointerError) in
            switch parent {
            case .object(var object):
                parent = .null
                object[last] = value
                parent = .object(object)
            case .array(var elements):
                let index = last == "-" ? elements.count : try last.arrayIndex(below: elements.count + 1)
                parent = .null
                elements.insert(value, at: index)
                parent = .array(elements)
            default: throw .notPuttable
            }
        }
    }

    /// Replaces the value at a pointer, which must lead somewhere.
    public mutating func replace(at pointer: JSONPointer, with value: JSONValue) throws(JSONPointerError) {
        guard let last = pointer.tokens.last else { return self = value }
        try edit(at: pointer.tokens.dropLast()) { (parent) throws(JSONPointerError) in
            switch parent {
            case .object(var object):
                guard object[last] != nil else { throw .nothingToReplace(pointer) }
                parent = .null
                object[last] = value
                parent = .object(object)
            case .array(var elements):
                let index = try last.arrayIndex(below: elements.count)
                parent = .null
                elements[index] = value
                parent = .array(elements)
            default: throw .notPuttable
            }
        }
    }

    /// Removes the value at a pointer, which must lead somewhere; of the whole document `null` remains.
    public mutating func remove(at pointer: JSONPointer) throws(JSONPointerError) {
        guard let last = pointer.tokens.last else { return self = .null }
        try edit(at: pointer.tokens.dropLast()) { (parent) throws(JSONPointerError) in
            switch parent {
            case .object(var object):
                guard object[last] != nil else { throw .nothingToRemove(pointer) }
                parent = .null
                object.removeValue(forKey: last)
                parent = .object(object)
            case .array(var elements):
                let index = try last.arrayIndex(below: elements.count)
                parent = .null
                elements.remove(at: index)
                parent = .array(elements)
            default: throw .notRemovable
            }
        }
    }
}

extension String {
    /// This token as an array index (RFC 6901 §4: digits without a leading zero) below `bound`.
    fileprivate func arrayIndex(below bound: Int) throws(JSONPointerError) -> Int {
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
