extension JSONPatch {
    /// A patch that turns one document into another: `diff(from: a, to: b).apply(to: a) == b`.
    ///
    /// Only members that differ are touched. In arrays the common beginning and end are left alone; between them, elements
    /// are changed pairwise and the rest is removed or added.
    ///
    /// - Parameter testing: Whether a `test` of the old value goes before each `replace` and `remove`, so that the patch
    ///   fails where somebody else changed the document; clients build their patches this way (C §8.1).
    public static func diff(from old: JSONValue, to new: JSONValue, testing: Bool = false) -> JSONPatch {
        var difference = Difference(testing: testing)
        difference.compare(old, new, at: JSONPointer())
        return JSONPatch(operations: difference.operations)
    }
}

private struct Difference {
    let testing: Bool
    var operations: [JSONPatch.Operation] = []

    init(testing: Bool) { self.testing = testing }

    mutating func compare(_ old: JSONValue, _ new: JSONValue, at path: JSONPointer) {
        switch (old, new) {
        case (.object(let old), .object(let new)): compare(old, new, at: path)
        case (.array(let old), .array(let new)): compare(old, new, at: path)
        case _ where old != new:
            test(old, at: path)
            operations.append(.replace(path: path, value: new))
        default: break
        }
    }

    private mutating func compare(_ old: JSONObject, _ new: JSONObject, at path: JSONPointer) {
        for (key, value) in old {
            if let other = new[key] {
                compare(value, other, at: path.appending(key))
            } else {
                remove(value, at: path.appending(key))
            }
        }
        for (key, value) in new where old[key] == nil {
            operations.append(.add(path: path.appending(key), value: value))
        }
    }

    private mutating func compare(_ old: [JSONValue], _ new: [JSONValue], at path: JSONPointer) {
        let shorter = min(old.count, new.count)
        var start = 0
        while start < shorter, old[start] == new[start] { start += 1 }
        var tail = 0
        while tail < shorter - start, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
        let paired = shorter - tail
        for index in start..<paired { compare(old[index], new[index], at: path.appending(index)) }
        // From the back, so that no removal moves what is still to be removed.
        for index in (paired..<old.count - tail).reversed() { remove(old[index], at: path.appending(index)) }
        for index in paired..<new.count - tail {
            operations.append(.add(path: path.appending(index), value: new[index]))
        }
    }

    private mutating func remove(_ value: JSONValue, at path: JSONPointer) {
        test(value, at: path)
        operations.append(.remove(path: path))
    }

    private mutating func test(_ value: JSONValue, at path: JSONPointer) {
        if testing { operations.append(.test(path: path, value: value)) }
    }
}
