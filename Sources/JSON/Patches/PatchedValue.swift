/// A value while a patch changes it. What no operation goes into stays whole; what one does is taken apart, so that the next
/// operations on it cost little however large it is.
enum PatchedValue {
    case whole(JSONValue)
    case object(PatchedObject)
    case array(PatchedArray)

    /// The value put together; O(its size), unless it is whole.
    func joined() -> JSONValue {
        switch self {
        case .whole(let value): value
        case .object(let object): .object(object.joined())
        case .array(let array): .array(array.joined())
        }
    }

    /// The value taken apart as far as operations on its members or elements need it; O(1).
    var opened: PatchedValue {
        switch self {
        case .whole(.object(let object)): .object(PatchedObject(object))
        case .whole(.array(let elements)): .array(PatchedArray(elements))
        default: self
        }
    }
}

/// The document that a patch is applied to, and what that costs: a step for each part of a pointer, and for each level of the
/// tree that an array has become.
struct PatchedDocument {
    var value: PatchedValue
    var work: StepBudget

    /// The value that a pointer leads to; throws where the way ends.
    mutating func value(at pointer: JSONPointer) throws(JSONPointerError) -> PatchedValue {
        var value = self.value
        for (depth, token) in pointer.tokens.enumerated() {
            work.spend()
            switch value.opened {
            case .object(let object):
                guard let member = object[token] else { throw .notMember(key: token, object: object.joined()) }
                value = member
            case .array(let array):
                work.spend(array.height)
                value = array[try token.arrayIndex(below: array.count)]
            case .whole: throw .notIndexable(rest: JSONPointer(tokens: Array(pointer.tokens[depth...])))
            }
        }
        return value
    }

    /// Puts a value at a pointer as RFC 6902 `add` does: sets an object's member, inserts into an array before the index or
    /// behind the last element (`-`), or replaces the whole document.
    mutating func add(_ value: PatchedValue, at pointer: JSONPointer) throws(JSONPointerError) {
        try change(pointer, instead: value) { (parent, last, work) throws(JSONPointerError) in
            switch parent {
            case .object(var object):
                parent = .whole(.null)
                object[last] = value
                parent = .object(object)
            case .array(var array):
                work.spend(array.height)
                array.insert(value, at: last == "-" ? array.count : try last.arrayIndex(below: array.count + 1))
                parent = .array(array)
            case .whole: throw .notPuttable
            }
        }
    }

    /// Replaces the value at a pointer, which must lead somewhere.
    mutating func replace(at pointer: JSONPointer, with value: PatchedValue) throws(JSONPointerError) {
        try change(pointer, instead: value) { (parent, last, work) throws(JSONPointerError) in
            switch parent {
            case .object(var object):
                guard object[last] != nil else { throw .nothingToReplace(pointer) }
                parent = .whole(.null)
                object[last] = value
                parent = .object(object)
            case .array(var array):
                work.spend(array.height)
                array.replace(at: try last.arrayIndex(below: array.count), with: value)
                parent = .array(array)
            case .whole: throw .notPuttable
            }
        }
    }

    /// Removes the value at a pointer, which must lead somewhere; of the whole document `null` remains.
    mutating func remove(at pointer: JSONPointer) throws(JSONPointerError) {
        try change(pointer, instead: .whole(.null)) { (parent, last, work) throws(JSONPointerError) in
            switch parent {
            case .object(var object):
                guard object[last] != nil else { throw .nothingToRemove(pointer) }
                parent = .whole(.null)
                object[last] = nil
                parent = .object(object)
            case .array(var array):
                work.spend(array.height)
                array.remove(at: try last.arrayIndex(below: array.count))
                parent = .array(array)
            case .whole: throw .notRemovable
            }
        }
    }
}

extension PatchedDocument {
    /// Lends `body` what the value at a pointer stands in, taken apart, and the last part of the pointer.
    ///
    /// - Parameter root: what becomes of the document if the pointer is empty.
    private mutating func change(
        _ pointer: JSONPointer, instead root: PatchedValue,
        _ body: (inout PatchedValue, String, inout StepBudget) throws(JSONPointerError) -> Void
    ) throws(JSONPointerError) {
        work.spend()
        guard let last = pointer.tokens.last else { return value = root }
        try value.edit(at: pointer.tokens.dropLast(), &work) { (parent, work) throws(JSONPointerError) in
            parent = parent.opened
            try body(&parent, last, &work)
        }
    }
}

extension PatchedValue {
    /// Lends the value at a path for change in place. If it throws, the value is void.
    fileprivate mutating func edit(
        at tokens: ArraySlice<String>, _ work: inout StepBudget,
        _ body: (inout PatchedValue, inout StepBudget) throws(JSONPointerError) -> Void
    ) throws(JSONPointerError) {
        guard let token = tokens.first else { return try body(&self, &work) }
        work.spend()
        switch opened {
        case .object(var object):
            guard var child = object[token] else { throw .notMember(key: token, object: object.joined()) }
            // Holding on to the old values would force copies of them.
            self = .whole(.null)
            object[token] = .whole(.null)
            try child.edit(at: tokens.dropFirst(), &work, body)
            object[token] = child
            self = .object(object)
        case .array(var array):
            work.spend(array.height)
            let index = try token.arrayIndex(below: array.count)
            var child = array[index]
            self = .whole(.null)
            array.replace(at: index, with: .whole(.null))
            try child.edit(at: tokens.dropFirst(), &work, body)
            array.replace(at: index, with: child)
            self = .array(array)
        case .whole: throw .notIndexable(rest: JSONPointer(tokens: Array(tokens)))
        }
    }
}
