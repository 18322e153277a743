import JSON
import Testing

@Suite struct JSONObjectTests {
    @Test func `members are sorted by the bytes of their keys`() {
        let object: JSONObject = ["b": 1, "": 2, "B": 3, "é": 4, "z": 5, "aa": 6, "a": 7, "\u{FFFF}": 8, "🦊": 9]
        #expect(object.keys == ["", "B", "a", "aa", "b", "z", "é", "\u{FFFF}", "🦊"])
        #expect(object.map(\.value) == [2, 3, 7, 6, 1, 5, 4, 8, 9])
    }

    @Test func `keys that Unicode calls equivalent stay two keys`() {
        var object: JSONObject = ["\u{E9}": 1, "e\u{301}": 2]
        #expect(object.count == 2)
        #expect(object["\u{E9}"] == 1 && object["e\u{301}"] == 2)
        object.removeValue(forKey: "\u{E9}")
        #expect(object["\u{E9}"] == nil && object["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(JSONObject([("\u{E9}", 1)]) != ["e\u{301}": 1])
    }

    @Test func `the last of several members with one key stays`() {
        let object = JSONObject([("a", 1), ("b", 2), ("a", 3), ("a", 4)])
        #expect(object == ["a": 4, "b": 2])
    }

    @Test func `a member changes through the subscript and goes away with nil`() {
        var object: JSONObject = ["list": [1]]
        if case .array(var list)? = object["list"] {
            list.append(2)
            object["list"] = .array(list)
        }
        object["new"] = true
        object["absent"] = nil
        #expect(object == ["list": [1, 2], "new": true])
        object["list"] = nil
        #expect(object.keys == ["new"])
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `an object behaves like a dictionary over bytes`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        var object = JSONObject()
        var model: [[UInt8]: JSONValue] = [:]
        for step in 0..<100 {
            let key =
                random.generator.oneIn(3)
                ? random.string() : random.generator.pick(["a", "b", "\u{E9}", "e\u{301}", "c"])
            let value = random.value(depth: 1)
            switch Int.random(in: 0..<4, using: &random.generator) {
            case 0: #expect(object.removeValue(forKey: key) == model.removeValue(forKey: Array(key.utf8)))
            case 1:
                let keepsOld = step.isMultiple(of: 2)
                object.merge([key: value]) { old, new in keepsOld ? old : new }
                model.merge([Array(key.utf8): value]) { old, new in keepsOld ? old : new }
            default:
                object[key] = value
                model[Array(key.utf8)] = value
            }
            #expect(object[key] == model[Array(key.utf8)], "seed \(seed) step \(step)")
        }
        let expected = model.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        #expect(object.map { Array($0.key.utf8) } == expected.map(\.key), "seed \(seed)")
        #expect(object.values == expected.map(\.value), "seed \(seed)")
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `keys that begin alike, or with zeros, are told apart`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        let pieces = ["", "a", "\0", "abcdefgh", "abcdefg", "abcdefgh\0", "zz"]
        let keys = (0..<40).map { _ in random.generator.pick(pieces) + random.generator.pick(pieces) }
        var object = JSONObject(keys.enumerated().map { ($1, JSONValue($0)) })
        let distinct = Set(keys).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        #expect(object.keys == distinct)
        for key in distinct { #expect(object[key] == keys.lastIndex(of: key).map { JSONValue($0) }) }
        for key in distinct.shuffled(using: &random.generator) { #expect(object.removeValue(forKey: key) != nil) }
        #expect(object.isEmpty)
    }

    @Test func `filtering and mapping keep the order`() {
        let object: JSONObject = ["a": 1, "b": 2, "c": 3]
        #expect(object.filter { key, _ in key != "b" } == ["a": 1, "c": 3])
        #expect(object.mapValues { .array([$0]) } == ["a": [1], "b": [2], "c": [3]])
        #expect(object.merging(["b": 5, "d": 6]) { _, new in new } == ["a": 1, "b": 5, "c": 3, "d": 6])
    }
}
