import JSON
import StoreTesting
import Testing

/// Patches against a naive model that rebuilds the document for every operation.
struct JSONPatchModelTests {
    @Test(arguments: 1...400 as ClosedRange<UInt64>)
    func `random patches do what the model does`(seed: UInt64) throws {
        var random = RandomPatch(seed: seed)
        let document = random.values.value()
        let patch = JSONPatch(operations: (0..<Int(seed % 7)).map { _ in random.operation(on: document) })
        var expected: JSONValue? = document
        for operation in patch.operations { expected = expected.flatMap { Model.apply(operation, to: $0) } }
        do {
            #expect(try patch.apply(to: document) == expected, "seed \(seed)")
        } catch {
            #expect(expected == nil, "seed \(seed): \(error)")
        }
        #expect(try JSONPatch(patch.value) == patch, "seed \(seed)")
        #expect(try JSONPatch(JSONValue(parsing: patch.prettyText())) == patch, "seed \(seed)")
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `long patches do what the model does`(seed: UInt64) throws {
        var random = RandomPatch(seed: seed)
        let document = JSONValue.object([
            "a": .array((0..<Int(seed % 40)).map { _ in random.values.value(depth: 1) }), "o": random.values.value(),
        ])
        var expected = document
        var operations: [JSONPatch.Operation] = []
        while operations.count < 150 {
            let operation = random.operation(on: expected)
            guard operation.path.tokens.count > 0, let next = Model.apply(operation, to: expected) else { continue }
            // Copies of copies would take the model's time and nothing else.
            if next.canonicalBytes().count > 20_000 { continue }
            operations.append(operation)
            expected = next
        }
        #expect(try JSONPatch(operations: operations).apply(to: document) == expected, "seed \(seed)")
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `an array is the same however it was put together`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var expected = (0..<Int.random(in: 0...60, using: &random)).map { JSONValue($0) }
        let document = JSONValue.array(expected)
        var operations: [JSONPatch.Operation] = []
        for step in 0..<2000 {
            let index = Int.random(in: 0...expected.count, using: &random)
            let path = JSONPointer(tokens: [String(index)])
            if index == expected.count || random.oneIn(2) && expected.count < 300 {
                operations.append(.add(path: path, value: JSONValue(step)))
                expected.insert(JSONValue(step), at: index)
            } else if random.oneIn(2) {
                operations.append(.replace(path: path, value: JSONValue(step)))
                expected[index] = JSONValue(step)
            } else {
                operations.append(.remove(path: path))
                expected.remove(at: index)
            }
        }
        #expect(try JSONPatch(operations: operations).apply(to: document) == .array(expected), "seed \(seed)")
    }

    @Test(arguments: 1...400 as ClosedRange<UInt64>)
    func `a difference leads from one document to the other`(seed: UInt64) throws {
        var random = RandomPatch(seed: seed)
        let old = random.values.value()
        var new = old
        if random.values.generator.oneIn(8) { new = random.values.value() }
        for _ in 0..<Int(seed % 9) { new = Model.apply(random.operation(on: new), to: new) ?? new }
        for testing in [false, true] {
            let patch = JSONPatch.diff(from: old, to: new, testing: testing)
            #expect(try patch.apply(to: old) == new, "seed \(seed)")
            #expect(patch.isEmpty == (old == new), "seed \(seed)")
        }
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `any JSON is a patch or refused`(seed: UInt64) {
        var random = RandomPatch(seed: seed)
        var value = JSONPatch(operations: (0..<3).map { _ in random.operation(on: [:]) }).value
        let places = RandomPatch.pointers(in: value)
        do {
            let place = random.values.generator.pick(places)
            value = try JSONPatch(operations: [.replace(path: place, value: random.values.value(depth: 1))])
                .apply(to: value)
            _ = try JSONPatch(value).apply(to: random.values.value())
        } catch is JSONPatch.FormatError {
        } catch is JSONPatch.Failure {
        } catch {
            Issue.record("seed \(seed): \(error)")
        }
    }
}

private enum Model {
    static func apply(_ operation: JSONPatch.Operation, to document: JSONValue) -> JSONValue? {
        switch operation {
        case .add(let path, let value): add(value, document, path.tokens[...])
        case .remove(let path): path.isRoot ? .null : remove(document, path.tokens[...])
        case .replace(let path, let value):
            get(document, path.tokens[...]) == nil
                ? nil
                : path.isRoot ? value : remove(document, path.tokens[...]).flatMap { add(value, $0, path.tokens[...]) }
        case .move(let from, let path):
            if from != path && from.contains(path) {
                nil
            } else if let value = get(document, from.tokens[...]) {
                (from.isRoot ? .null : remove(document, from.tokens[...])).flatMap { add(value, $0, path.tokens[...]) }
            } else {
                nil
            }
        case .copy(let from, let path):
            get(document, from.tokens[...]).flatMap { add($0, document, path.tokens[...]) }
        case .test(let path, let value): get(document, path.tokens[...]) == value ? document : Optional.none
        }
    }

    private static func index(_ token: String, _ count: Int) -> Int? {
        (0..<count).first { String($0) == token }
    }

    private static func get(_ value: JSONValue, _ path: ArraySlice<String>) -> JSONValue? {
        guard let token = path.first else { return value }
        switch value {
        case .array(let elements): return index(token, elements.count).flatMap { get(elements[$0], path.dropFirst()) }
        case .object(let object): return object[token].flatMap { get($0, path.dropFirst()) }
        default: return nil
        }
    }

    private static func add(_ new: JSONValue, _ value: JSONValue, _ path: ArraySlice<String>) -> JSONValue? {
        guard let token = path.first else { return new }
        switch value {
        case .array(let elements):
            if path.count == 1 {
                let place = token == "-" ? elements.count : index(token, elements.count + 1)
                return place.map { .array(elements[..<$0] + [new] + elements[$0...]) }
            }
            guard let place = index(token, elements.count), let child = add(new, elements[place], path.dropFirst())
            else {
                return nil
            }
            return .array(elements[..<place] + [child] + elements[(place + 1)...])
        case .object(let object):
            let child = path.count == 1 ? new : object[token].flatMap { add(new, $0, path.dropFirst()) }
            return child.map { child in .object(object.merging([token: child]) { _, new in new }) }
        default: return nil
        }
    }

    private static func remove(_ value: JSONValue, _ path: ArraySlice<String>) -> JSONValue? {
        guard let token = path.first else { return nil }
        switch value {
        case .array(let elements):
            guard let place = index(token, elements.count) else { return nil }
            if path.count == 1 { return .array(Array(elements[..<place] + elements[(place + 1)...])) }
            return remove(elements[place], path.dropFirst()).map {
                .array(elements[..<place] + [$0] + elements[(place + 1)...])
            }
        case .object(let object):
            guard let member = object[token] else { return nil }
            if path.count == 1 {
                return .object(JSONObject(object.filter { key, _ in key != token }.map { ($0.key, $0.value) }))
            }
            return remove(member, path.dropFirst()).map { child in
                .object(object.merging([token: child]) { _, new in new })
            }
        default: return nil
        }
    }
}

/// Random operations, most of which fit a document.
private struct RandomPatch {
    var values: RandomJSON

    init(seed: UInt64) { values = RandomJSON(seed: seed) }

    mutating func operation(on document: JSONValue) -> JSONPatch.Operation {
        let (path, from) = (pointer(in: document), pointer(in: document))
        switch Int.random(in: 0..<8, using: &values.generator) {
        case 0, 1: return .add(path: path, value: values.value(depth: 2))
        case 2: return .remove(path: path)
        case 3: return .replace(path: path, value: values.value(depth: 2))
        case 4, 5: return .move(from: from, path: path)
        case 6: return .copy(from: from, path: path)
        default: return .test(path: path, value: document[path] ?? values.value(depth: 1))
        }
    }

    /// Mostly a place that is there; else one beside or below it.
    mutating func pointer(in document: JSONValue) -> JSONPointer {
        var pointer = values.generator.pick(Self.pointers(in: document))
        if values.generator.oneIn(3) {
            pointer.tokens.append(values.generator.pick(["-", "0", "1", "01", "a", values.string()]))
        }
        return pointer
    }

    static func pointers(in value: JSONValue, at pointer: JSONPointer = JSONPointer()) -> [JSONPointer] {
        switch value {
        case .array(let elements):
            [pointer] + elements.indices.flatMap { pointers(in: elements[$0], at: pointer.appending($0)) }
        case .object(let object): [pointer] + object.flatMap { pointers(in: $0.value, at: pointer.appending($0.key)) }
        default: [pointer]
        }
    }
}
