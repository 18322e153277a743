import JSON
import Logging
import Store

@testable import Tracker

/// A small domain for tests: shelves that stand alone, boxes that stand on a shelf and carry labels, and notes, which have to
/// do with neither.
enum SampleTypes {
    static let shelves = ObjectType(
        "shelves",
        ObjectSchema("Shelf", Field.common + [Field("Name", .string), Field("Height", .integer)]),
        key: .text("Name"),
        indexes: [
            IndexDeclaration("Name", .string, isUnique: true, hasRegex: true), IndexDeclaration("Height", .integer),
        ])

    static let boxes = ObjectType(
        "boxes",
        ObjectSchema(
            "Box",
            Field.common + [
                Field("Partial", .boolean, isServerSet: true),
                Field("Id", .string), Field("Shelf", .string), Field("Labels", .list(.string)),
                Field("Barcode", .string),
                Field("Weight", .integer), Field("Params", .map(.any)), Field("Seal", .string, isHidden: true),
            ]),
        key: .text("Id"),
        indexes: [
            IndexDeclaration("Id", .string, isUnique: true, hasRegex: true),
            IndexDeclaration("Barcode", .string, isUnique: true), IndexDeclaration("Shelf", .string, hasRegex: true),
            IndexDeclaration("Labels", .list, isUnordered: true), IndexDeclaration("Weight", .integer),
        ],
        references: [Reference("Shelf", to: "shelves")], traits: [.writable, .listed, .parameters],
        rules: BoxRules())

    static let notes = ObjectType(
        "notes", ObjectSchema("Note", [Field("Name", .string), Field("Height", .integer)]), key: .text("Name"),
        indexes: [IndexDeclaration("Name", .string, isUnique: true)])

    static let catalog = Catalog([shelves, boxes, notes], layers: .sample)

    /// A box whose shelf is missing is kept, but unavailable; a box heavier than 1,000 is refused.
    struct BoxRules: ObjectRules {
        func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
            if let weight = object["Weight"]?.intValue, weight > 1000 {
                findings.addRefusal("Weight \(weight) is over 1000")
            }
            let shelf = object["Shelf"]?.stringValue ?? ""
            if !shelf.isEmpty, !change.view.contains("shelves", shelf) {
                findings.addMissing("Shelf \(shelf) does not exist")
            }
        }
    }

    static func open(
        _ store: any KeyValueStore = MemoryStore(), packs: [Layer] = []
    ) throws -> (tracker: DataTracker, problems: [PackProblem]) {
        try DataTracker.open(
            store: store, catalog: catalog, writable: ["Name": "BackingStore"], packs: packs,
            logger: Logger(label: "test"))
    }

    static func pack(_ name: String, kind: LayerKind = .dynamic, _ sections: JSONObject) throws -> Layer {
        try Layer.admitting(
            kind: kind, name: name, metadata: ["Name": .string(name)], sections: sections, catalog: catalog)
    }
}

/// The test's own request.
let someone = TrackerRequest(id: "test", principal: "user:test")

extension Table {
    /// A table of rows in ascending order of keys, filled as at a start.
    init(filledWith rows: [StoredObject], _ type: ObjectType) {
        var filler = TableFiller(type)
        for start in stride(from: 0, to: rows.count, by: TableFiller.Run.stride) {
            var run = TableFiller.Run()
            for row in rows[start...].prefix(TableFiller.Run.stride) { run.append(ObjectEntry(row)) }
            filler.add(run)
        }
        self = filler.table()
    }
}
