import JSON
import StoreTesting
import Testing

@testable import Tracker

/// Does the same random things to a tracker and to a model, and compares them.
struct RandomHistory {
    var model = NaiveModel()
    var random: SeededGenerator
    var tracker: DataTracker

    init(_ tracker: DataTracker, seed: UInt64) {
        self.tracker = tracker
        random = SeededGenerator(seed: seed)
    }

    /// One random step: create, patch, replace, delete, push a pack, remove a pack, or do much and think better of it.
    mutating func step() async {
        switch Int.random(in: 0..<12, using: &random) {
        case 0...3: await create()
        case 4, 5: await patch()
        case 6, 7: await remove()
        case 8: await push()
        case 9, 10: await abandon()
        default: await removePack()
        }
    }

    private mutating func somePrefix() -> String { Bool.random(using: &random) ? "shelves" : "boxes" }
    private mutating func someKey() -> String { "k\(Int.random(in: 0..<12, using: &random))" }

    private mutating func members(_ typeName: String, _ key: String) -> JSONObject {
        if typeName == "shelves" {
            return ["Name": .string(key), "Height": .number(JSONNumber(Int.random(in: 0..<3, using: &random)))]
        }
        let labels = (0..<Int.random(in: 0..<3, using: &random)).map { _ in
            JSONValue.string("l\(Int.random(in: 0..<3, using: &random))")
        }
        return [
            "Id": .string(key), "Shelf": .string(Bool.random(using: &random) ? someKey() : ""),
            "Labels": .array(labels),
            "Barcode": "", "Params": [:], "Partial": false, "Seal": "",
            "Weight": .number(JSONNumber(Int.random(in: 0..<5, using: &random))),
        ]
    }

    private mutating func create() async {
        let (typeName, key) = (somePrefix(), someKey())
        let object = members(typeName, key)
        let outcome = await attempt(typeName) { draft throws(TrackerError) in
            try draft.create(TypeName(typeName), object)
        }
        if model.shown(typeName, key) == nil {
            #expect(outcome == nil, "create \(typeName)/\(key)")
            model.written[typeName]?[key] = object
        } else {
            #expect(outcome == .alreadyExists, "create \(typeName)/\(key)")
        }
    }

    private mutating func patch() async {
        let (typeName, key) = (somePrefix(), someKey())
        let field = typeName == "shelves" ? "Height" : "Weight"
        let value = JSONValue.number(JSONNumber(Int.random(in: 0..<2000, using: &random)))
        let patch = JSONPatch(operations: [.replace(path: JSONPointer(tokens: [field]), value: value)])
        let outcome = await attempt(typeName) { draft throws(TrackerError) in
            try draft.patch(TypeName(typeName), at: key, patch)
        }
        guard let shown = model.shown(typeName, key) else {
            return expect(outcome, .notFound, "patch \(typeName)/\(key)")
        }
        guard model.mayWrite(typeName, key) else { return expect(outcome, .readOnly, "patch \(typeName)/\(key)") }
        if typeName == "boxes", value.intValue! > 1000 { return expect(outcome, .invalid, "patch \(typeName)/\(key)") }
        expect(outcome, nil, "patch \(typeName)/\(key)")
        var members = shown.members
        members[field] = value
        model.written[typeName]?[key] = members
    }

    private mutating func remove() async {
        let (typeName, key) = (somePrefix(), someKey())
        let outcome = await attempt { draft throws(TrackerError) in
            try draft.remove(TypeName(typeName), at: key)
        }
        guard let shown = model.shown(typeName, key) else {
            return expect(outcome, .notFound, "remove \(typeName)/\(key)")
        }
        guard shown.bundle.isEmpty else { return expect(outcome, .readOnly, "remove \(typeName)/\(key)") }
        expect(outcome, nil, "remove \(typeName)/\(key)")
        model.written[typeName]?[key] = nil
    }

    private mutating func push() async {
        let name = ["base1", "dynA", "dynB"].randomElement(using: &random)!
        var sections: [String: NaiveModel.Section] = [:]
        for _ in 0..<Int.random(in: 0..<4, using: &random) {
            let (typeName, key) = (somePrefix(), someKey())
            sections[typeName, default: [:]][key] = members(typeName, key)
        }
        let kind: LayerKind = NaiveModel.isOverwritable(name) ? .default : .dynamic
        let wire = JSONObject(
            sections.map { ($0.key, .object(JSONObject($0.value.map { ($0.key, .object($0.value)) }))) })
        guard let layer = try? SampleTypes.pack(name, kind: kind, wire) else {
            Issue.record("the pack \(name) does not decode")
            return
        }
        let outcome = await attempt { draft throws(TrackerError) in
            try draft.push(layer)
        }
        guard model.mayPush(name, sections) else { return expect(outcome, .packRefused, "push \(name)") }
        expect(outcome, nil, "push \(name)")
        model.packs[name] = sections
    }

    private mutating func removePack() async {
        let name = ["base1", "dynA", "dynB"].randomElement(using: &random)!
        let outcome = await attempt { draft throws(TrackerError) in
            try draft.removePack(name)
        }
        expect(outcome, model.packs[name] == nil ? .notFound : nil, "remove pack \(name)")
        model.packs[name] = nil
    }

    /// Nothing must be left of a draft that throws, however far it came.
    private mutating func abandon() async {
        let steps = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
            let (typeName, key) = (somePrefix(), someKey())
            return (typeName: TypeName(typeName), key: key, object: members(typeName, key))
        }
        let pack = try? SampleTypes.pack(
            "dynC", kind: .dynamic, ["shelves": ["pk": ["Name": "pk"]], "boxes": ["pk": [:]]])
        let pushesPack = Bool.random(using: &random)
        let outcome = await attempt { draft throws(TrackerError) in
            if pushesPack, let pack { _ = try draft.push(pack) }
            for step in steps {
                switch draft.view.object(step.typeName, step.key)?.layer {
                case nil: try draft.create(step.typeName, step.object)
                case .writable?: try draft.remove(step.typeName, at: step.key)
                case .some: break
                }
            }
            throw TrackerError(.conflict, "", "thought better of it")
        }
        expect(outcome, .conflict, "abandon")
    }

    private func expect(_ outcome: TrackerError.Code?, _ wanted: TrackerError.Code?, _ what: String) {
        #expect(outcome == wanted, "\(what)")
    }

    private func attempt<Value: Sendable>(
        _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async -> TrackerError.Code? {
        do throws(TrackerError) {
            _ = try await tracker.commit(someone, body)
            return nil
        } catch {
            return error.code
        }
    }

    /// The same for a change to one object of type `typeName`, whose answer must be as the newest state has it.
    private func attempt(
        _ typeName: String, _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> StoredObject
    ) async -> TrackerError.Code? {
        do throws(TrackerError) {
            let changed = try await tracker.commit(someone, body) { $0.object(TypeName(typeName)) }
            #expect(tracker.snapshot[ObjectID(TypeName(typeName), changed.key)]?.document == changed.document)
            return nil
        } catch {
            return error.code
        }
    }

    /// Compares everything a client can see, every index, and the store.
    func compare(_ seed: UInt64) async throws {
        let state = tracker.snapshot
        for typeName in ["shelves", "boxes"] {
            let table = try #require(state[TypeName(typeName)])
            #expect(table.objects.map { $0.key.string } == model.keys(typeName), "seed \(seed)")
            for (key, object) in table.objects {
                #expect(object.object == model.served(typeName, key.string), "seed \(seed), \(typeName)/\(key)")
            }
        }
        #expect(try await tracker.differences() == [], "seed \(seed)")
    }
}
