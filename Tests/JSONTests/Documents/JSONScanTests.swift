import JSON
import Testing

@Suite struct JSONScanTests {
    @Test(arguments: 1...150 as ClosedRange<UInt64>)
    func `scanning finds what decoding finds`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        let value = JSONValue.object(random.object())
        let document = JSONDocument(value)
        check(document.root, against: value, seed: seed)
        for _ in 0..<20 {
            let name = random.string()
            #expect(document.member(name)?.value() == value[name], "seed \(seed): \(name)")
            let path = [name, random.string()]
            #expect(document.member(at: path)?.value() == value[path[0]]?[path[1]], "seed \(seed): \(path)")
        }
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `names that are looked for together are found as each alone is`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        let object = random.object()
        let slice = JSONDocument(.object(object)).root
        let names =
            (object.members.map(\.key) + (0..<8).map { _ in random.string() }).shuffled(using: &random.generator)
            + object.members.prefix(2).map(\.key)
        #expect(slice.members(JSONMemberNames(names)) == names.map { slice.member($0) }, "seed \(seed): \(names)")
        #expect(JSONDocument([1, "a"]).root.members(JSONMemberNames(names)).allSatisfy { $0 == nil }, "seed \(seed)")
    }

    private func check(_ slice: JSONSlice, against value: JSONValue, seed: UInt64) {
        #expect(slice.kind == value.kind, "seed \(seed)")
        #expect(slice.value() == value, "seed \(seed)")
        #expect(slice.equals(value), "seed \(seed)")
        #expect(slice.isNull == value.isNull && slice.bool == value.boolValue, "seed \(seed)")
        #expect(slice.number == value.numberValue && slice.int == value.intValue, "seed \(seed)")
        #expect(slice.double == value.doubleValue, "seed \(seed)")
        #expect(slice.string.map(JSONValue.string) == value.stringValue.map(JSONValue.string), "seed \(seed)")
        let elements = Array(slice.elements)
        #expect(elements.count == value.arrayValue?.count ?? 0, "seed \(seed)")
        for (element, expected) in zip(elements, value.arrayValue ?? []) {
            check(element, against: expected, seed: seed)
        }
        var members = value.objectValue ?? [:]
        slice.forEachMember { key, member in
            guard let expected = members.removeValue(forKey: key) else {
                Issue.record("seed \(seed): \(key) is no member")
                return
            }
            check(member, against: expected, seed: seed)
            #expect(slice.member(key) == member, "seed \(seed): \(key)")
            #expect(slice.member(at: [key]) == member, "seed \(seed): \(key)")
        }
        #expect(members.isEmpty, "seed \(seed)")
    }

    @Test func `paths lead through objects only`() {
        let document = JSONDocument(["a": ["b": ["c": 1]], "list": [["x": 1]], "s": "{\"x\":1}"])
        #expect(document.member(at: ["a", "b", "c"])?.int == 1)
        #expect(document.member(at: ["a", "b"])?.description == "{\"c\":1}")
        #expect(document.member(at: []) == document.root)
        for path in [["a", "c"], ["list", "x"], ["s", "x"], ["a", "b", "c", "d"], ["z"], [""]] {
            #expect(document.member(at: path) == nil, "\(path)")
        }
    }

    @Test func `keys that nearly match are not mistaken`() {
        let names = [
            "", "N", "Na", "Nam", "Name", "Name ", "Name!", "Name#", "Names", "Name\"", "Name\\", "Name\n",
            "NameNameName",
        ]
        let object = JSONObject(names.enumerated().map { ($1, JSONValue($0)) })
        let document = JSONDocument(.object(object))
        for (index, name) in names.enumerated() {
            #expect(document.member(name)?.int == index, "\(name)")
            let without = document.rewriting(omit: [name])
            #expect(without.member(name) == nil, "\(name)")
            for (other, otherName) in names.enumerated() where other != index {
                #expect(without.member(otherName)?.int == other, "\(otherName) without \(name)")
            }
        }
    }

    @Test func `static entry points scan borrowed bytes`() {
        let document = JSONDocument(["a": ["b": "x"]])
        document.withUnsafeBytes { text in
            #expect(JSONScan.member("a", of: text).map { String(decoding: $0, as: UTF8.self) } == "{\"b\":\"x\"}")
            #expect(JSONScan.member(at: ["a", "b"], of: text).map { String(decoding: $0, as: UTF8.self) } == "\"x\"")
        }
        #expect(JSONScan.member("a", of: UnsafeRawBufferPointer(start: nil, count: 0)) == nil)
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `a slice equals only its own value`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        let values = (0..<20).map { _ in random.value(depth: 1) }
        for left in values {
            let slice = JSONDocument(left).root
            for right in values { #expect(slice.equals(right) == (left == right), "seed \(seed): \(left), \(right)") }
        }
    }
}
