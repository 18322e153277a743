import JSON
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `An index with a dominant value` {
    /// The boxes by key, and the shelf that each stands on.
    private typealias Model = [ByteString: String]

    private static let shelf = IndexDeclaration.Source.field("Shelf")

    private static func box(_ key: String, on shelf: String) -> StoredObject {
        let object: JSONObject = ["Id": .string(key), "Shelf": .string(shelf)]
        return StoredObject(
            key: ByteString(key), document: JSONDocument(.object(object)), revision: .zero, layer: .writable)
    }

    /// A table that grew, moved and lost boxes one by one, and what it must hold. Most boxes stand on one shelf at first.
    private static func grown(_ random: inout SeededGenerator, to count: Int) -> (Table, Model) {
        var (table, model) = (Table(SampleTypes.boxes), Model())
        for _ in 0..<(4 * count) {
            let key = "b\(Int.random(in: 0..<count, using: &random))"
            if Int.random(in: 0..<5, using: &random) == 0 {
                table.remove(ByteString(key))
                model[ByteString(key)] = nil
            } else {
                let shelf =
                    Int.random(in: 0..<4, using: &random) > 0
                    ? "most" : ["", "left", "right"].randomElement(using: &random)!
                table.put(box(key, on: shelf))
                model[ByteString(key)] = shelf
            }
        }
        return (table, model)
    }

    private static func filled(with model: Model) -> Table {
        Table(filledWith: model.sorted { $0.key < $1.key }.map { box($0.key.string, on: $0.value) }, SampleTypes.boxes)
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `finds the rows of each value, grown or filled`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (grown, model) = Self.grown(&random, to: 20 * Int(seed))
        for table in [grown, Self.filled(with: model)] {
            #expect(table.differences() == [])
            for shelf in ["most", "", "left", "right", "nowhere"] {
                let expected = model.filter { $0.value == shelf }.map(\.key).sorted()
                let rows = table.rows(where: Self.shelf, is: ByteString(shelf))
                #expect(rows?.keys(of: table.objects) ?? [] == expected, "\(shelf), seed \(seed)")
                #expect(rows?.count ?? 0 == expected.count && rows?.first == expected.first)
                let skipped = Int.random(in: 0...expected.count, using: &random)
                for descending in [false, true] {
                    var seen: [ByteString] = []
                    rows?.forEachRow(skipping: skipped, descending: descending, of: table.objects) { row in
                        seen.append(row.key)
                        return seen.count < 5
                    }
                    let wanted = (descending ? expected.reversed() : expected).dropFirst(skipped).prefix(5)
                    #expect(seen == Array(wanted), "\(shelf) from \(skipped), seed \(seed)")
                    let page = rows?.page(skipping: skipped, descending: descending, limit: 5, of: table.objects)
                    #expect(page?.map(\.key) ?? [] == Array(wanted), "\(shelf) from \(skipped), seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `walks all rows in the order of their values`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (grown, model) = Self.grown(&random, to: 12 * Int(seed))
        let ascending = model.sorted { (ByteString($0.value), $0.key) < (ByteString($1.value), $1.key) }.map(\.key)
        for table in [grown, Self.filled(with: model)] {
            let index = try #require(table.index(of: Self.shelf))
            for descending in [false, true] {
                let skipped = Int.random(in: 0...ascending.count, using: &random)
                let expected = Array(descending ? ascending.reversed() : ascending)
                var seen: [ByteString] = []
                index.forEachRow(descending: descending, of: table.objects) { row in
                    seen.append(row.key)
                    return true
                }
                #expect(seen == expected, "seed \(seed)")
                let page = index.page(skipping: skipped, descending: descending, limit: 5, of: table.objects)
                #expect(
                    page.map(\.key) == Array(expected.dropFirst(skipped).prefix(5)), "from \(skipped), seed \(seed)")
            }
        }
    }

    @Test func `lists no row under a value that most have`() throws {
        var table = Table(SampleTypes.boxes)
        for number in 0..<100 { table.put(Self.box("b\(number)", on: number % 10 == 0 ? "left" : "most")) }
        for table in [
            table,
            Self.filled(
                with: Model(uniqueKeysWithValues: table.objects.map { ($0, $1.document.member("Shelf")?.string ?? "") })
            ),
        ] {
            #expect(table.index(of: Self.shelf)?.dominant.map(\.value) == ["most"])
            #expect(table.index(of: .field("Barcode"))?.dominant.isEmpty == true)
        }
    }

    @Test func `goes on when no row is left with the value that prevailed`() throws {
        var table = Table(SampleTypes.boxes)
        for number in 0..<40 { table.put(Self.box("b\(number)", on: "most")) }
        for number in 0..<40 { table.put(Self.box("b\(number)", on: "left")) }
        #expect(table.rows(where: Self.shelf, is: "most") == nil)
        #expect(table.rows(where: Self.shelf, is: "left")?.count == 40)
        #expect(table.differences() == [])
    }
}
