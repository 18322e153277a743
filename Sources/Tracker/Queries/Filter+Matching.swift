import Basics
import JSON

extension Filter {
    /// Whether the condition holds of `object`.
    ///
    /// - Parameter parameter: gives an object's value of a parameter; nil to take its own.
    func holds(of object: StoredObject, parameter: ((StoredObject, String) -> JSONValue?)?) -> Bool {
        switch subject {
        case .parameter(let name, let field):
            if let parameter { return test.holds(of: parameter(object, name)) }
            return holds(ofMemberAt: [field, name], in: object)
        case .index(let index): return holds(of: object, index)
        }
    }

    private func holds(of object: StoredObject, _ index: IndexDeclaration) -> Bool {
        switch index.source {
        case .key: test.holds(ofAnyOf: [object.key])
        case .network(let field): holds(object, field) { CIDRBlock($0)?.contains($1) == true }
        case .range(let low, let high):
            holds(object, low) { text, address in
                guard let first = IPAddress(text), let end = object.document.member(high)?.string else { return false }
                guard let last = IPAddress(end) else { return false }
                return first <= address && address <= last
            }
        case .field, .elements, .leaves, .member: test.holds(ofAnyOf: IndexReader.values(index, in: object.document))
        }
    }

    /// Whether the condition holds of the value that `path` leads to. Equality is told from the bytes, without decoding.
    private func holds(ofMemberAt path: [String], in object: StoredObject) -> Bool {
        object.document.withUnsafeBytes { document in
            if !traces.isEmpty, !traces.contains(where: { $0.occurs(in: document) }) { return false }
            let text = JSONScan.member(at: path, of: document)
            if case .equal(let operand) = test { return text.map { operand.isSpelled($0) } ?? false }
            return test.holds(of: text.map { JSONSlice(canonical: Array($0)[...]).value() })
        }
    }

    /// The index that can answer this condition alone, by equality, and the values to look up.
    var lookup: (index: IndexDeclaration, values: [ByteString])? {
        guard case .index(let index) = subject, index.source.isKept || index.source == .key else { return nil }
        switch test {
        case .equal(let operand): return (index, [operand.key])
        case .among(let operands): return (index, operands.map(\.key))
        default: return nil
        }
    }

    private func holds(_ object: StoredObject, _ field: String, _ contains: (String, IPAddress) -> Bool) -> Bool {
        let text = object.document.member(field)?.string ?? ""
        func isInside(_ operand: Operand) -> Bool { IPAddress(operand.text).map { contains(text, $0) } ?? false }
        switch test {
        case .equal(let operand): return isInside(operand)
        case .notEqual(let operand): return !isInside(operand)
        case .among(let operands): return operands.contains(where: isInside)
        case .notAmong(let operands), .lacking(let operands): return !operands.contains(where: isInside)
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .between, .except, .matching: return false
        }
    }
}

extension Filter.Test {
    /// Whether one of an index's values passes; for the negative tests, whether none fails.
    func holds(ofAnyOf values: [ByteString]) -> Bool {
        switch self {
        case .equal(let operand): values.contains(operand.key)
        case .notEqual(let operand): !values.contains(operand.key)
        case .less(let operand): values.contains { $0 < operand.key }
        case .lessOrEqual(let operand): values.contains { $0 <= operand.key }
        case .greater(let operand): values.contains { $0 > operand.key }
        case .greaterOrEqual(let operand): values.contains { $0 >= operand.key }
        case .between(let low, let high): values.contains { low.key <= $0 && $0 <= high.key }
        case .except(let low, let high): values.contains { $0 < low.key || high.key < $0 }
        case .among(let operands): operands.contains { values.contains($0.key) }
        case .notAmong(let operands): !operands.contains { values.contains($0.key) }
        case .lacking(let operands): !operands.allSatisfy { values.contains($0.key) }
        case .matching(let pattern): values.contains { pattern.matches($0.string) }
        }
    }

    /// Whether a parameter's value passes; an object without the parameter passes only the negative tests.
    func holds(of value: JSONValue?) -> Bool {
        guard let value else {
            switch self {
            case .notEqual, .notAmong, .lacking: return true
            default: return false
            }
        }
        switch self {
        case .equal(let operand): return operand.equals(value)
        case .notEqual(let operand): return !operand.equals(value)
        case .less(let operand): return operand.order(of: value) == .less
        case .lessOrEqual(let operand): return [.less, .same].contains(operand.order(of: value))
        case .greater(let operand): return operand.order(of: value) == .greater
        case .greaterOrEqual(let operand): return [.greater, .same].contains(operand.order(of: value))
        case .between(let low, let high):
            return [.greater, .same].contains(low.order(of: value)) && [.less, .same].contains(high.order(of: value))
        case .except(let low, let high): return low.order(of: value) == .less || high.order(of: value) == .greater
        case .among(let operands): return operands.contains { $0.equals(value) }
        case .notAmong(let operands), .lacking(let operands): return !operands.contains { $0.equals(value) }
        case .matching(let pattern): return value.stringValue.map { pattern.matches($0) } ?? false
        }
    }
}

extension Filter.Operand {
    /// How a value stands to the operand; nil where they cannot be compared.
    enum Order { case less, same, greater }

    /// Whether canonical JSON says the same as the operand.
    func isSpelled(_ text: UnsafeRawBufferPointer) -> Bool {
        spellings.contains { $0.count == text.count && text.elementsEqual($0) }
    }

    func equals(_ other: JSONValue) -> Bool { other == value || other == .string(text) }

    func order(of other: JSONValue) -> Order? {
        if case .number(let left) = other, case .number(let right) = value {
            return left < right ? .less : right < left ? .greater : .same
        }
        guard let string = other.stringValue else { return nil }
        let left = ByteString(string)
        let right = ByteString(text)
        return left < right ? .less : right < left ? .greater : .same
    }
}
