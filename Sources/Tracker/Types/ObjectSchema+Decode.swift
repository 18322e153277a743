public import JSON

extension ObjectSchema {
    /// Brings a client's object into wire form: names matched without regard to case, unknown members dropped, absent ones
    /// filled (C §2, §4.3).
    ///
    /// - Throws: `FieldTypeError` for the first member whose value has the wrong shape.
    public func decode(_ input: JSONObject) throws(FieldTypeError) -> JSONObject {
        var work = StepBudget(.max)
        return try decode(input, at: name, &work)
    }

    /// The same for a new object, in which fields that only the server sets are what they are when absent.
    func decodeNew(_ input: JSONObject) throws(FieldTypeError) -> JSONObject {
        var work = StepBudget(.max)
        if fill == nil, let object = try merged(input, at: name, isNew: true, &work) { return object }
        var object = try decode(input)
        for field in fields where field.isServerSet { object[field.name] = field.filled(nil) }
        return object
    }

    /// The same for an object that stands in another.
    ///
    /// - Parameters:
    ///   - path: what errors call it.
    ///   - work: counts a step for each member and element, and one for each member that makes room for another.
    func decode(
        _ input: JSONObject, at path: String, _ work: inout StepBudget
    ) throws(FieldTypeError) -> JSONObject {
        var object =
            if let merged = try merged(input, at: path, &work) { merged } else { try matched(input, at: path, &work) }
        fill?(&object)
        return object
    }

    /// Whether `name` means a field in another case than its own.
    func isFolded(_ name: String) -> Bool { position(of: name).map { !$0.isExact } ?? false }
}

extension ObjectSchema {
    /// What is to be known of a field to admit an object.
    struct Slot: Sendable {
        /// Where it is in a blank object, or would be if it were not left out there.
        let place: Int
        let shape: FieldType
        /// Whether it is left out when absent or zero.
        let isOmitted: Bool
        /// Whether zero is kept as it is.
        let keepsZero: Bool
        let isServerSet: Bool

        init(_ field: Field, place: Int) {
            self.place = place
            shape = field.shape
            isOmitted = field.omitsEmpty
            keepsZero = !field.omitsEmpty && field.initial == field.zero
            isServerSet = field.isServerSet
        }
    }

    /// Admits an object whose keys are the names of fields: one pass over two lists in the same order. Nil if a key means a
    /// field without regard to case.
    private func merged(
        _ input: JSONObject, at path: String, isNew: Bool = false, _ work: inout StepBudget
    ) throws(FieldTypeError) -> JSONObject? {
        var members = blank.members
        // Where the last one was among the fields, and how many there are before it that a blank object has not.
        var (next, added) = (0, 0)
        for given in input.members {
            let (index, found) = names.position(of: given, from: next)
            next = index
            let place = (next < slots.count ? slots[next].place : blank.count) + added
            work.spend(1 + (found && !slots[next].isOmitted ? 0 : members.count - place))
            if found {
                let value = try decode(given.value, next, at: path, &work)
                if let value = kept(value, next, isNew: isNew) {
                    if slots[next].isOmitted {
                        members.insert(given.with(value), at: place)
                        added += 1
                    } else {
                        members[place].value = value
                    }
                }
                next += 1
            } else if isFolded(given.key) {
                return nil
            } else if isOpen {
                members.insert(given, at: place)
                added += 1
            }
        }
        return JSONObject(ascending: members)
    }

    /// What a field is that a client gives; nil if it is what it is in a blank object.
    private func kept(_ value: JSONValue, _ index: Int, isNew: Bool) -> JSONValue? {
        if isNew, slots[index].isServerSet { return nil }
        return slots[index].keepsZero ? value : fields[index].filled(value)
    }

    private func decode(
        _ value: JSONValue, _ index: Int, at path: String, _ work: inout StepBudget
    ) throws(FieldTypeError) -> JSONValue {
        if slots[index].shape.isPlain(value) { return value }
        return try slots[index].shape.decode(value, at: path + "." + fields[index].name, &work)
    }

    /// Admits any object, looking for the field that each key means.
    private func matched(
        _ input: JSONObject, at path: String, _ work: inout StepBudget
    ) throws(FieldTypeError) -> JSONObject {
        var values = [JSONValue?](repeating: nil, count: fields.count)
        var exact = [Bool](repeating: false, count: fields.count)
        var members: [(String, JSONValue)] = []
        for (key, value) in input {
            work.spend()
            guard let (index, isExact) = position(of: key) else {
                if isOpen { members.append((key, value)) }
                continue
            }
            if exact[index] { continue }
            exact[index] = isExact
            values[index] = try decode(value, index, at: path, &work)
        }
        members.reserveCapacity(fields.count + members.count)
        for (index, field) in fields.enumerated() {
            guard let value = field.filled(values[index]) else { continue }
            members.append((field.name, value))
        }
        return JSONObject(members)
    }
}
