import JSON
import Testing

@testable import Tracker

@Suite struct `Terms of the leaves in a map` {
    private func terms(_ map: JSONValue) -> Set<String> {
        var terms: Set<String> = []
        JSONDocument(map).withUnsafeBytes { text in
            LeafTerms.forEach(of: text) { terms.insert(String(decoding: $0, as: UTF8.self)) }
        }
        return terms
    }

    @Test func `are those of all texts, numbers, flags and nulls, however deep`() {
        let map: JSONValue = ["a": ["x": [1, 2.5, ["y": "z"]], "e": [], "o": [:]], "b": "t", "c": true, "d": .null]
        #expect(terms(map) == ["a\0\u{31}", "a\0\u{32}.5", "a\0\"z\"", "b\0\"t\"", "c\0true", "d\0null"])
    }

    @Test(arguments: [
        JSONValue.null, true, 0, 1.5, "", "x", "\"\\\n", .string(String(repeating: "é", count: 100)), 1e300,
        .string(String(repeating: "x", count: 63) + "☃"),
    ])
    func `are found by what they are the leaves of`(value: JSONValue) {
        for name in ["a", "\"", "é\n"] {
            let texts = LeafTerms.texts(of: name, holding: value)
            #expect(!terms([name: ["deep": [value]]]).isDisjoint(with: texts))
            #expect(terms([name + "x": value]).isDisjoint(with: texts))
        }
    }

    @Test func `are few, and say where there are more`() {
        let map: JSONValue = ["a": .array((0..<1000).map { JSONValue($0) })]
        #expect(terms(map).count == 65)
        #expect(!terms(map).isDisjoint(with: LeafTerms.texts(of: "a", holding: 999)))
    }

    @Test func `are none of what is no leaf`() {
        #expect(LeafTerms.texts(of: "a", holding: []) == [] && LeafTerms.texts(of: "a", holding: [:]) == [])
    }
}
