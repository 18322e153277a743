import JSON
import Logging
import Store

@testable import Tracker

/// Types with keys of every form: lots by number, ports by address, slots by rack and number; tags, which name lots and slots;
/// and tickets, which the server numbers, in a tree.
enum KeyedTypes {
    static let lots = ObjectType(
        "lots",
        ObjectSchema(
            "Lot",
            Field.common + [Field("Number", .integer), Field("After", .integer), Field("Name", .string)]),
        key: .integer("Number"),
        indexes: [IndexDeclaration("Number", .integer, isUnique: true), IndexDeclaration("Name", .string)],
        references: [Reference("After", to: "lots")], rules: LotRules())

    static let ports = ObjectType(
        "ports", ObjectSchema("Port", Field.common + [Field("Address", .address), Field("Name", .string)]),
        key: .address("Address"), indexes: [IndexDeclaration("Address", .address, isUnique: true)])

    static let slots = ObjectType(
        "slots",
        ObjectSchema(
            "Slot", Field.common + [Field("Rack", .string), Field("Place", .integer), Field("Name", .string)]),
        key: .composite(.init("Rack", .text), .init("Place", .integer)), indexes: [IndexDeclaration("Rack", .string)])

    static let tags = ObjectType(
        "tags",
        ObjectSchema(
            "Tag",
            Field.common + [
                Field("Name", .string), Field("Lots", .list(.integer)), Field("Port", .address), Field("Slot", .string),
            ]),
        key: .text("Name"),
        references: [
            Reference("Lots", to: "lots", isList: true), Reference("Port", to: "ports"),
            Reference("Slot", to: "slots", entry: { ObjectID("slots", slots.key.bytes($0)) }),
        ],
        rules: TagRules())

    static let tickets = ObjectType(
        "tickets",
        ObjectSchema(
            "Ticket", Field.common + [Field("Id", .integer), Field("Name", .string), Field("Above", .integer)]),
        key: .sequence("Id"), indexes: [IndexDeclaration("Id", .integer, isUnique: true)],
        references: [.parent("Above", of: "tickets")])

    static let catalog = Catalog([lots, ports, slots, tags, tickets], layers: .sample)

    /// A lot whose predecessor is missing is unavailable.
    struct LotRules: ObjectRules {
        func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
            guard let after = object["After"]?.intValue, after != 0 else { return }
            if !change.view.contains("lots", String(after)) { findings.addMissing("Lot \(after) does not exist") }
        }
    }

    /// A tag is unavailable where anything that it names is missing.
    struct TagRules: ObjectRules {
        func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
            for id in tags.named(by: object) where change.view[id] == nil {
                findings.addMissing("\(id) does not exist")
            }
        }
    }

    static func open(_ store: any KeyValueStore = MemoryStore(), packs: [Layer] = []) throws -> DataTracker {
        try DataTracker.open(
            store: store, catalog: catalog, writable: ["Name": "BackingStore"], packs: packs,
            logger: Logger(label: "test")
        ).tracker
    }
}
