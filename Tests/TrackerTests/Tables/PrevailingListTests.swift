import JSON
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `An index over lists with dominant values` {
    /// The boxes by key, and the labels that each carries.
    private typealias Model = [ByteString: Set<String>]

    private static let labels = IndexDeclaration.Source.field("Labels")
    /// How many of ten boxes carry each label.
    private static let shares = ["all": 10, "most": 8, "many": 6, "few": 2, "rare": 1]

    private static func box(_ key: String, _ labels: Set<String>) -> StoredObject {
        // Twice and in any order, as clients send them.
        let list = (labels.sorted { $0 > $1 } + labels.prefix(1)).map { JSONValue.string($0) }
        return StoredObject(
            key: ByteString(key), document: JSONDocument(.object(["Id": .string(key), "Labels": .array(list)])),
            revision: .zero, layer: .writable)
    }

    /// A table that grew, changed and lost boxes one by one, and what it must hold.
    private static func grown(_ random: inout SeededGenerator, to count: Int) -> (Table, Model) {
        var (table, model) = (Table(SampleTypes.boxes), Model())
        for _ in 0..<(4 * count) {
            let key = ByteString("b\(Int.random(in: 0..<count, using: &random))")
            if Int.random(in: 0..<5, using: &random) == 0 {
                table.remove(key)
                model[key] = nil
            } else {
                let labels = Set(
                    shares.sorted { $0.key < $1.key }.filter { Int.random(in: 0..<10, using: &random) < $0.value }
                        .map(\.key))
                table.put(box(key.string, labels))
                model[key] = labels
            }
        }
        return (table, model)
    }

    private static func filled(with model: Model) -> Table {
        Table(filledWith: model.sorted { $0.key < $1.key }.map { box($0.key.string, $0.value) }, SampleTypes.boxes)
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `finds the rows of each value, grown or filled`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (grown, model) = Self.grown(&random, to: 25 * Int(seed))
        for table in [grown, Self.filled(with: model)] {
            #expect(table.differences() == [], "seed \(seed)")
            for label in Self.shares.keys.sorted() + ["none"] {
                let expected = model.filter { $0.value.contains(label) }.map(\.key).sorted()
                let rows = table.rows(where: Self.labels, is: ByteString(label))
                #expect(rows?.keys(of: table.objects) ?? [] == expected, "\(label), seed \(seed)")
                #expect(rows?.count ?? 0 == expected.count, "\(label), seed \(seed)")
            }
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `visits its values in order, those that prevail among the others`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (grown, model) = Self.grown(&random, to: 12 * Int(seed))
        let expected = Set(model.values.joined()).sorted()
        for table in [grown, Self.filled(with: model)] {
            let index = try #require(table.index(of: Self.labels))
            for descending in [false, true] {
                var seen: [String] = []
                index.forEachValue(descending: descending, of: table.objects) { value, rows in
                    seen.append(value.string)
                    #expect(rows.count == model.values.count { $0.contains(value.string) }, "seed \(seed)")
                    return true
                }
                #expect(seen == (descending ? expected.reversed() : expected), "seed \(seed)")
            }
        }
    }

    @Test func `lists no row under the values that most have`() throws {
        var (table, model) = (Table(SampleTypes.boxes), Model())
        for number in 0..<100 {
            let labels = Set(Self.shares.filter { number % 10 < $0.value }.map(\.key))
            model[ByteString("b\(number)")] = labels
            table.put(Self.box("b\(number)", labels))
        }
        for table in [table, Self.filled(with: model)] {
            let index = try #require(table.index(of: Self.labels))
            #expect(index.dominant.map(\.value) == ["all", "many", "most"])
            #expect(index.listed.map(\.key) == ["few", "rare"])
        }
    }
}
