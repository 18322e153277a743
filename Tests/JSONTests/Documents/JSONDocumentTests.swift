import JSON
import Testing

@Suite struct JSONDocumentTests {
    @Test func `a parsed document is canonical`() throws {
        let document = try JSONDocument(parsing: Array(" { \"b\" : 1.0, \"a\" : \"\\u0041\" } ".utf8))
        #expect(document.description == #"{"a":"A","b":1}"#)
        #expect(document == JSONDocument(canonical: Array(#"{"a":"A","b":1}"#.utf8)))
        #expect(document.hashValue == JSONDocument(["a": "A", "b": 1]).hashValue)
        #expect(document != JSONDocument(["a": "A", "b": 2]))
    }

    @Test(arguments: [#"{"b":1,"a":2}"#, "1.0", " 1", #""\u0041""#, #"{"a":1,"a":1}"#, "", "1e3", #""\/""#])
    func `other spellings are not canonical`(text: String) {
        #expect(!JSONDocument.isCanonical(Array(text.utf8)))
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `what is canonical is told as by parsing and writing, of damaged text too`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        var text = random.value().canonicalBytes()
        #expect(JSONDocument.isCanonical(text), "seed \(seed)")
        let pieces: [UInt8] =
            Array(#"{}[],:"\u001f0123456789abcdef-+.eEtrufalsn \#n"#.utf8) + [0, 0x7F, 0x80, 0xC3, 0xE2, 0xFF]
        for _ in 0..<20 where !text.isEmpty {
            let place = Int.random(in: text.indices, using: &random.generator)
            switch Int.random(in: 0..<3, using: &random.generator) {
            case 0: text[place] = random.generator.pick(pieces)
            case 1: text.insert(random.generator.pick(pieces), at: place)
            default: text.remove(at: place)
            }
            let slowly = (try? JSONValue(parsing: text))?.canonicalBytes() == text
            #expect(JSONDocument.isCanonical(text) == slowly, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test func `limits count for what is canonical`() {
        let nested = Array(String(repeating: "[", count: 20).utf8) + Array(String(repeating: "]", count: 20).utf8)
        #expect(JSONDocument.isCanonical(nested, limits: JSONLimits(maxDepth: 20)))
        #expect(!JSONDocument.isCanonical(nested, limits: JSONLimits(maxDepth: 19)))
        #expect(!JSONDocument.isCanonical(nested, limits: JSONLimits(maxBytes: 39)))
    }

    @Test func `rewriting omits, replaces and adds in order`() {
        let document = JSONDocument(["a": 1, "c": [1, 2], "e": "x"])
        #expect(document.rewriting() == document)
        #expect(document.rewriting(omit: ["a", "x"]).description == #"{"c":[1,2],"e":"x"}"#)
        #expect(document.rewriting(omit: ["a", "c", "e"]).description == "{}")
        #expect(
            document.rewriting(set: [("b", 2), ("c", .null), ("f", 3), ("", 0)]).description
                == #"{"":0,"a":1,"b":2,"c":null,"e":"x","f":3}"#)
        #expect(document.rewriting(omit: ["a"], set: [("a", 5), ("a", 6)]).member("a")?.int == 6)
        #expect(JSONDocument([:]).rewriting(set: [("a", 1)]).description == #"{"a":1}"#)
        #expect(JSONDocument([1]).rewriting(omit: ["a"]).description == "[1]")
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `rewriting agrees with decoding, changing and encoding`(seed: UInt64) {
        var random = RandomJSON(seed: seed)
        let object = random.object(depth: 2)
        let names = object.keys + [random.string(), random.string()]
        let omit = names.filter { _ in random.generator.oneIn(3) }
        let set = names.filter { _ in random.generator.oneIn(3) }.map { ($0, random.value(depth: 1)) }
        var expected = object
        for name in omit { expected[name] = nil }
        for (name, value) in set { expected[name] = value }
        let rewritten = JSONDocument(.object(object)).rewriting(omit: omit, set: set)
        #expect(rewritten == JSONDocument(.object(expected)), "seed \(seed)")
    }
}
