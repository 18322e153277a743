import Basics
import JSON
import Logging
import Store
import Testing

@testable import Tracker

/// Two domains whose objects have little in common: plants say in their own words what the tracker finds of them, and pots say
/// nothing of the kind.
private enum Garden {
    static let conventions = Conventions(
        fields: CommonFields(available: "thriving", errors: "complaints", layer: "origin"),
        commonFields: [
            Field("thriving", .boolean, isServerSet: true), Field("complaints", .list(.string), isServerSet: true),
            Field("origin", .string, isServerSet: true),
        ],
        baseIndexes: [IndexDeclaration("thriving", .boolean, isUnordered: true)],
        parameters: ParameterConventions(
            field: "traits", filterPrefix: "trait.", declaredBy: "garden_traits", secureFlag: "secret"),
        filters: FilterSyntax(
            operators: ["above": .greater, "like": .matching],
            page: FilterSyntax.Page(limit: "most", offset: "from", sort: "by", reverse: "backwards"),
            reserved: ["pretty"])
    ) { refusal in
        switch refusal {
        case .undecodable(let error): "no gardener calls that \(error.path)"
        case .unknownIndex(let name): "plants have no \(name)"
        default: refusal.plainText
        }
    }

    static let plants = ObjectType(
        "garden_plants",
        ObjectSchema(
            "plant",
            conventions.commonFields + [
                Field("name", .string), Field("pot", .string), Field("height", .integer), Field("traits", .map(.any)),
            ]),
        key: .text("name"), references: [Reference("pot", to: "garden_pots")],
        traits: [.writable, .listed, .parameters], conventions: conventions, rules: PlantRules())

    static let pots = ObjectType(
        "garden_pots", ObjectSchema("pot", [Field("name", .string), Field("size", .integer)]), key: .text("name"),
        conventions: Conventions())

    struct PlantRules: ObjectRules {
        func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
            guard let pot = object["pot"]?.stringValue, !pot.isEmpty, !change.view.contains("garden_pots", pot) else {
                return
            }
            findings.addMissing("there is no pot \(pot)")
        }
    }

    static let domain = Domain(
        "garden", typePrefix: "garden_", types: [plants, pots],
        layers: LayerConventions(
            writableName: "beds", kinds: [LayerKind("seeds", height: 1, isOverwritable: true, isStored: true)]))

    static let catalog = Catalog([Domain("samples", typePrefix: nil, types: [SampleTypes.notes]), domain])

    static func open(_ store: any KeyValueStore = MemoryStore()) throws -> DataTracker {
        let (tracker, problems) = try DataTracker.open(
            store: store, catalog: catalog, writable: [:], packs: [], logger: Logger(label: "test"))
        #expect(problems.isEmpty)
        return tracker
    }
}

@Suite("A domain") struct DomainTests {
    private func list(_ tracker: DataTracker, _ arguments: (name: String, value: String)...) throws -> [String] {
        let query = try ListQuery(arguments: arguments, type: Garden.plants)
        return try tracker.snapshot.list("garden_plants", query).objects.map(\.key.string)
    }

    private func planted() async throws -> DataTracker {
        let tracker = try Garden.open()
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.create("garden_pots", ["name": "clay"])
            try draft.create("garden_plants", ["name": "fern", "pot": "clay", "height": 5, "traits": ["leaf": "soft"]])
            try draft.create("garden_plants", ["name": "oak", "height": 900, "traits": ["leaf": "hard"]])
            try draft.create("garden_plants", ["name": "moss", "pot": "tin"])
        }
        return tracker
    }

    @Test func `has the verdict on its objects under its own names, and follows what they refer to`() async throws {
        let tracker = try await planted()
        let moss = try #require(tracker.snapshot.object("garden_plants", "moss"))
        #expect(moss.object["thriving"] == false)
        #expect(moss.object["complaints"] == ["there is no pot tin"])
        #expect(moss.errors(Garden.plants) == ["there is no pot tin"])
        #expect(moss.object["Available"] == nil)
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in
            try draft.create("garden_pots", ["name": "tin"])
            try draft.remove("garden_pots", at: "clay")
        }
        #expect(tracker.snapshot.object("garden_plants", "moss")?.object["thriving"] == true)
        #expect(tracker.snapshot.object("garden_plants", "fern")?.object["thriving"] == false)
        #expect(try await tracker.check().differences.isEmpty)
    }

    @Test func `has objects without any verdict where its types declare none`() async throws {
        let pot = try #require(try await planted().snapshot.object("garden_pots", "clay"))
        #expect(pot.object == ["name": "clay", "size": 0])
    }

    @Test func `is asked in its own language`() async throws {
        let tracker = try await planted()
        #expect(try list(tracker, ("height", "above(5)")) == ["oak"])
        #expect(try list(tracker, ("trait.leaf", "soft")) == ["fern"])
        #expect(try list(tracker, ("leaf", "like(^h)")) == ["oak"])
        #expect(try list(tracker, ("thriving", "false"), ("pretty", "1")) == ["moss"])
        #expect(try list(tracker, ("most", "2"), ("by", "height"), ("backwards", "")) == ["oak", "fern"])
        #expect(try list(tracker, ("name", "Eq(fern)")).isEmpty, "an operator of another domain is plain text")
    }

    @Test func `refuses in its own words`() async throws {
        let tracker = try Garden.open()
        await #expect(throws: TrackerError(.undecodable, "garden_plants", "no gardener calls that plant.height")) {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.create("garden_plants", ["name": "fern", "height": "tall"])
            }
        }
        await #expect(throws: TrackerError(.undecodable, "garden_pots", "pot.size cannot be a string")) {
            _ = try await tracker.commit(someone) { draft throws(TrackerError) in
                try draft.create("garden_pots", ["name": "clay", "size": "large"])
            }
        }
        #expect(throws: TrackerError(.badQuery, "garden_pots", "there is no index or field colour")) {
            try ListQuery(arguments: [("colour", "red")], type: Garden.pots)
        }
    }

    @Test func `has objects in packs, which say where they come from`() async throws {
        let store = MemoryStore()
        let tracker = try Garden.open(store)
        let pack = try Layer.admitting(
            kind: Garden.catalog.layers.storedKind, name: "wild", metadata: [:],
            sections: ["garden_plants": ["nettle": ["name": "nettle"]]], catalog: Garden.catalog)
        _ = try await tracker.commit(someone) { draft throws(TrackerError) in try draft.push(pack) }
        #expect(tracker.snapshot.object("garden_plants", "nettle")?.object["origin"] == "wild")
        let again = try Garden.open(store)
        #expect(again.snapshot.object("garden_plants", "nettle")?.object["origin"] == "wild")
        #expect(again.snapshot.stack.layers.map(\.name) == ["beds", "wild"])
        #expect(try await again.check().differences.isEmpty)
    }

    @Test func `with a prefix has types that are served and watched, but not published`() throws {
        #expect(Garden.catalog.publishedTypes.map(\.typeName) == ["notes"])
        #expect(Garden.catalog.visibleTypes.map(\.typeName) == ["garden_plants", "garden_pots", "notes"])
        #expect(Garden.catalog.visibleType("garden_plants") != nil)
        #expect(try EventConditions(["height=above(5)"], Garden.catalog).hold(of: Self.event("garden_plants", 6)))
        #expect(try !EventConditions(["height=above(5)"], Garden.catalog).hold(of: Self.event("garden_plants", 4)))
    }

    private static func event(_ type: String, _ height: Int) -> Event {
        Event(
            time: "", type: type, action: "update", key: "a", principal: "user:test",
            object: JSONDocument(["height": JSONValue(height)]), original: nil)
    }

    @Test func `whose types are not called after it makes no catalog`() async {
        await #expect(processExitsWith: .failure) {
            let pots = ObjectType(
                "pots", ObjectSchema("pot", [Field("name", .string)]), key: .text("name"), conventions: Conventions())
            _ = Catalog([Domain("garden", typePrefix: "garden_", types: [pots])])
        }
        await #expect(processExitsWith: .failure) {
            _ = Catalog([Domain("garden", typePrefix: "garden.", types: [])])
        }
    }
}
