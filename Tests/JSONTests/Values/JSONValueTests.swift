import JSON
import Testing

@Suite struct JSONValueTests {
    static let kinds: [(JSONValue, JSONKind)] = [
        (.null, .null), (true, .bool), (1, .number), (1.5, .number), ("text", .string), ([1, .null], .array),
        (["a": 1], .object),
    ]

    @Test(arguments: kinds)
    func `each accessor answers for its kind only`(value: JSONValue, kind: JSONKind) {
        #expect(value.kind == kind)
        #expect(value.kindName == kind.rawValue)
        #expect(value.isNull == (kind == .null))
        #expect((value.boolValue != nil) == (kind == .bool))
        #expect((value.numberValue != nil) == (kind == .number))
        #expect((value.doubleValue != nil) == (kind == .number))
        #expect((value.stringValue != nil) == (kind == .string))
        #expect((value.arrayValue != nil) == (kind == .array))
        #expect((value.objectValue != nil) == (kind == .object))
        #expect((value["a"] != nil) == (kind == .object))
    }

    @Test func `values of different kinds are never equal`() {
        for (i, (left, _)) in Self.kinds.enumerated() {
            for (j, (right, _)) in Self.kinds.enumerated() { #expect((left == right) == (i == j)) }
        }
        #expect(([:] as JSONValue) != [])
        #expect((0 as JSONValue) != false)
        #expect(("1" as JSONValue) != 1)
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `values are equal when their canonical texts are, and then hash alike`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        let values = (0..<40).map { _ in random.value(depth: 2) }
        for left in values {
            for right in values {
                #expect((left == right) == (left.canonicalBytes() == right.canonicalBytes()), "seed \(seed)")
                if left == right { #expect(left.hashValue == right.hashValue, "seed \(seed)") }
            }
        }
    }
}
