import JSON
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `The differences of fields between documents` {
    private static let plan = SampleTypes.boxes.indexPlan

    private static func document(like last: JSONObject, _ random: inout SeededGenerator) -> JSONObject {
        var object = last
        let names = ["Barcode", "Bundle", "Id", "Labels", "Meta", "Shelf", "ShelfLife", "Weight", "Z\\\"", "a"]
        let values: [JSONValue] = [
            "", "1", "12", "left", "le\"ft", "left\\", 1, 12, 123, -1, true, false, .null, [], [1, "]"], ["a", "b"],
            .object([:]), .object(["Shelf": "left"]), .object(["}": "{"]), "héllo",
            "a longer text than the word of a machine",
        ]
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let name = names.randomElement(using: &random)!
            object[name] = Int.random(in: 0..<4, using: &random) == 0 ? nil : values.randomElement(using: &random)!
        }
        return object
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `leave each index with the values that its field has`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var differences = DeltaFieldReader(Self.plan)
        var texts = [String?](repeating: nil, count: Self.plan.declarations.count)
        var object = JSONObject()
        for step in 0..<400 {
            object = step % 50 == 49 ? [:] : Self.document(like: object, &random)
            let document = JSONDocument(.object(object))
            differences.next(document.bytes) { texts[$0] = $1.map { String(decoding: $0, as: UTF8.self) } }
            for (position, declaration) in Self.plan.declarations.enumerated() {
                let expected = document.member(declaration.source.fieldName ?? "")?.description
                #expect(
                    Self.values(texts[position]) == Self.values(expected),
                    "\(declaration.name) of \(document), seed \(seed), step \(step)")
            }
        }
    }

    /// What an index has of a field: of an object its keys.
    private static func values(_ text: String?) -> [String]? {
        guard let text, text.hasPrefix("{") else { return text.map { [$0] } }
        return JSONSlice(canonical: Array(text.utf8)[...]).members.map { $0.key.string ?? "" }
    }

    @Test func `are told of an object when its keys change`() {
        var differences = DeltaFieldReader(Self.plan)
        var told: [Bool] = []
        for labels: JSONObject in [
            ["a": 1], ["a": 12], ["a": "x", "b": 1], ["a": "x", "b": 1], ["a": "x", "c": 1], [:], ["a": 1], ["a": 2],
        ] {
            var isTold = false
            let object: JSONObject = ["Id": "b", "Labels": .object(labels), "Shelf": "left"]
            differences.next(JSONDocument(.object(object)).bytes) { position, _ in
                isTold = isTold || Self.plan.declarations[position].name == "Labels"
            }
            told.append(isTold)
        }
        #expect(told == [true, false, true, false, true, true, true, false])
    }

    @Test func `are told only where there are some`() {
        var differences = DeltaFieldReader(Self.plan)
        var told: [Set<String>] = []
        for (barcode, weight) in [("1", 5), ("1", 5), ("12", 5), ("12", 51), ("2", 6)] {
            let object: JSONObject = [
                "Barcode": .string(barcode), "Id": "b", "Shelf": "left", "Weight": .number(JSONNumber(weight)),
            ]
            var names: Set<String> = []
            differences.next(JSONDocument(.object(object)).bytes) { position, _ in
                names.insert(Self.plan.declarations[position].name)
            }
            told.append(names)
        }
        #expect(told == [["Barcode", "Shelf", "Weight"], [], ["Barcode"], ["Weight"], ["Barcode", "Weight"]])
    }

    /// A store may be damaged: whatever its bytes are, nothing outside of them is read.
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `survive bytes that are no JSON`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let text = JSONDocument(
            .object(["Barcode": "1", "Labels": .object(["a": "b", "c": 1]), "Shelf": "left", "Weight": 5])
        ).bytes
        var differences = DeltaFieldReader(Self.plan)
        for _ in 0..<2000 {
            var bytes = Array(text.prefix(Int.random(in: 0...text.count, using: &random)))
            for _ in 0..<Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = [34, 44, 58, 92, 123, 125, 91, 93, 0]
                    .randomElement(using: &random)!
            }
            bytes.withUnsafeBytes { text in
                differences.next(bytes) { _, value in
                    guard let start = value?.baseAddress, let base = text.baseAddress else { return }
                    #expect(start >= base && start + value!.count <= base + text.count)
                }
            }
        }
    }
}
