import JSON
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `A table that is filled at once` {
    /// Boxes whose fields have few values, values of their own, many at once, or none at all.
    private static func boxes(_ count: Int, _ random: inout SeededGenerator) -> [StoredObject] {
        let keys = Set((0..<count).map { _ in ByteString("b\(Int.random(in: 0..<(4 * count), using: &random))") })
        return keys.sorted().map { key in
            let number = Int.random(in: 0..<1_000_000, using: &random)
            var object: JSONObject = [
                "Id": .string(key.string),
                "Barcode": .string(number % 5 == 0 ? "a barcode that is longer than most \(number)" : "\(number)"),
                "Shelf": .string(number % 10 < 7 ? "most" : "shelf \(number % 40)"),
                "Weight": .number(JSONNumber(number)),
                "Labels": JSONValue((0..<number % 4).map { "label \((number + $0) % (number % 2 == 0 ? 6 : count))" }),
                "Params": .object(["rack": .number(JSONNumber(number)), "x\(number % 50)": .bool(true)]),
            ]
            if number % 7 == 0 { object["Shelf"] = nil }
            if number % 11 == 0 { object["Barcode"] = .string("the same") }
            return StoredObject(
                key: key, document: JSONDocument(.object(object)), revision: .zero, layer: .writable)
        }
    }

    @Test(arguments: [0, 1, 2, 31, 32, 33, 64, 500, 1023, 1500, 5000, 12_000])
    func `is what it is when rows are put one by one`(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let rows = Self.boxes(count, &random)
        let filled = Table(filledWith: rows, SampleTypes.boxes)
        #expect(filled.differences() == [])
        #expect(filled.objects.map(\.value.document) == rows.map(\.document))
        var grown = Table(SampleTypes.boxes)
        for row in rows { grown.put(row) }
        for (mine, other) in zip(filled.indexes, grown.indexes) {
            #expect(mine.contents(of: filled.objects) == other.contents(of: grown.objects))
        }
    }

    @Test func `goes on as any other table`() {
        var random = SeededGenerator(seed: 77)
        let rows = Self.boxes(3000, &random)
        var table = Table(filledWith: rows, SampleTypes.boxes)
        let copy = table
        for row in rows.shuffled(using: &random).prefix(1500) { table.remove(row.key) }
        for row in Self.boxes(1000, &random) { table.put(row) }
        #expect(table.differences() == [])
        #expect(copy.differences() == [])
        #expect(copy.count == rows.count)
    }
}

extension SecondaryIndex {
    /// The keys of each value.
    fileprivate func contents(of objects: ObjectMap) -> [ByteString: [ByteString]] {
        var contents: [ByteString: [ByteString]] = [:]
        forEachValue(of: objects) { value, rows in
            contents[value] = rows.keys(of: objects)
            return true
        }
        return contents
    }
}
