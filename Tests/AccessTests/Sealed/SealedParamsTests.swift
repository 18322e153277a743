import Basics
import JSON
import Logging
import Provisioning
import Store
import StoreTesting
import Synchronization
import Testing
import Tracker

@testable import Access

/// Profiles with params, secure ones among them, in a tracker with nothing else.
struct SealedParamsTests {
    private let store = MemoryStore()
    private static let catalog = Catalog(
        AccessTypes.guarding(
            [
                Domain(
                    "profiles", typePrefix: nil,
                    types: [
                        ObjectType(
                            "params",
                            ObjectSchema("Param", Field.common + [Field("Name", .string), Field("Secure", .boolean)]),
                            key: .text("Name"), indexes: [IndexDeclaration("Secure", .boolean, isUnordered: true)],
                            conventions: .provisioning),
                        ObjectType(
                            "profiles",
                            ObjectSchema(
                                "Profile", Field.common + [Field("Name", .string), Field("Params", .map(.any))]),
                            key: .text("Name"), traits: [.writable, .listed, .parameters],
                            conventions: .provisioning, rules: ShortTexts()),
                    ], layers: .provisioning)
            ], scopes: Scopes(.provisioning, []), conventions: .provisioning))

    /// Allows no text that is longer than ten characters, so that a test sees what the type's own rules see.
    private struct ShortTexts: ObjectRules {
        var looksAt: [TypeName] { ["shelves"] }

        func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
            for (name, value) in object["Params"]?.objectValue ?? [:] where value.stringValue?.count ?? 0 > 10 {
                findings.addRefusal("\(name) is too long")
            }
        }
    }

    private func open(_ packs: [Layer] = [], seed: UInt64 = 1) throws -> DataTracker {
        let random = Mutex(SeededGenerator(seed: seed))
        let environment = Environment(randomBytes: { count in random.withLock { $0.bytes(count...count) } })
        let (tracker, problems) = try DataTracker.open(
            store: store, catalog: Self.catalog, writable: [:], packs: packs, environment: environment,
            logger: Logger(label: "test"))
        #expect(problems.isEmpty)
        return tracker
    }

    @discardableResult
    private func commit<Value: Sendable>(
        _ tracker: DataTracker, _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws(TrackerError) -> DataTracker.Committed<Value> {
        try await tracker.commit(TrackerRequest(id: "test", principal: "user:test"), body)
    }

    private func fill(_ tracker: DataTracker) async throws {
        try await commit(tracker) { draft throws(TrackerError) in
            try draft.create("params", ["Name": "secret", "Secure": true])
            try draft.create("params", ["Name": "open"])
            try draft.create("profiles", ["Name": "p", "Params": ["secret": "s", "open": "o"]])
        }
    }

    private func params(_ tracker: DataTracker, _ name: String = "p") -> JSONObject {
        tracker.snapshot.object("profiles", name)?.object["Params"]?.objectValue ?? [:]
    }

    private func opened(_ tracker: DataTracker, _ name: String = "p") -> JSONObject {
        ParamDecryptor(tracker.snapshot)(params(tracker, name), of: ObjectID("profiles", ByteString(name)))
    }

    private func keys(_ tracker: DataTracker, _ name: String = "p") -> KeyPair? {
        tracker.snapshot.sealingKeys(of: ObjectID("profiles", ByteString(name)))
    }

    private func pack(_ sections: JSONObject, _ kind: LayerKind = .dynamic) throws -> Layer {
        try Layer.admitting(kind: kind, name: "pack", metadata: [:], sections: sections, catalog: Self.catalog)
    }

    private static let packed: JSONObject = ["profiles": ["q": ["Name": "q", "Params": ["secret": "packed"]]]]

    @Test func `whoever writes large amounts keeps params and keys as they are meanwhile`() {
        #expect(Self.catalog["profiles"]?.rules.looksAt == ["shelves", "params", SealingKeys.typeName])
        #expect(Self.catalog["params"]?.effects.flatMap(\.looksAt) == ["tenants", SealingKeys.typeName])
    }

    @Test func `values of secure params are sealed, others are not`() async throws {
        let tracker = try open()
        try await fill(tracker)
        #expect(params(tracker)["secret"].map(SecureData.isSealed) == true)
        #expect(params(tracker)["open"] == "o")
        #expect(opened(tracker) == ["secret": "s", "open": "o"])
    }

    @Test func `keys and boxes follow from the environment's randomness`() async throws {
        var boxes: [JSONObject] = []
        for seed in [1, 1, 2] as [UInt64] {
            let tests = SealedParamsTests()
            let tracker = try tests.open(seed: seed)
            try await tests.fill(tracker)
            boxes.append(tests.params(tracker))
        }
        #expect(boxes[0] == boxes[1])
        #expect(boxes[0] != boxes[2])
    }

    @Test func `the type's own rules see what is in a box that is brought in`() async throws {
        let tracker = try open()
        try await fill(tracker)
        let pair = try #require(keys(tracker))
        let values: [JSONValue] = [
            "longer than ten", try SecureData.seal("longer than ten", for: pair.publicKey, Environment()).value,
        ]
        for value in values {
            let error = await #expect(throws: TrackerError.self) {
                try await commit(tracker) { draft throws(TrackerError) in
                    try draft.update("profiles", at: "p") { $0["Params"] = ["secret": value] }
                }
            }
            #expect(error?.messages == ["secret is too long"])
        }
        let short = try SecureData.seal("short", for: pair.publicKey, Environment()).value
        try await commit(tracker) { draft throws(TrackerError) in
            try draft.update("profiles", at: "p") { $0["Params"] = ["secret": short] }
        }
        #expect(params(tracker) == ["secret": short])
        #expect(opened(tracker) == ["secret": "short"])
    }

    @Test func `a box that cannot be opened is refused, by create too`() async throws {
        let tracker = try open()
        try await fill(tracker)
        let box = params(tracker)
        let error = await #expect(throws: TrackerError.self) {
            try await commit(tracker) { draft throws(TrackerError) in
                try draft.create("profiles", ["Name": "clone", "Params": .object(box)])
            }
        }
        #expect(error?.code == .invalid)
        #expect(
            error?.messages == [
                "Key 'secret': SecureData corrupted: it is not sealed with the present pubkey of profiles/clone"
            ])
    }

    @Test func `what is written again as it is stays in its box`() async throws {
        let tracker = try open()
        try await fill(tracker)
        let before = tracker.snapshot.revision
        try await commit(tracker) { draft throws(TrackerError) in
            try draft.update("profiles", at: "p") { $0["Params"] = ["secret": "s", "open": "o"] }
        }
        #expect(tracker.snapshot.revision == before)
    }

    @Test func `a removed object's key goes with it, and comes back with it`() async throws {
        let tracker = try open()
        try await fill(tracker)
        let (pair, box) = (try #require(keys(tracker)), params(tracker))
        let removed = try await commit(tracker) { draft throws(TrackerError) in try draft.remove("profiles", at: "p") }
        #expect(keys(tracker) == nil)
        #expect(tracker.snapshot[SealingKeys.typeName]?.count == 0)
        let plan = try await tracker.undoPlan(for: removed.snapshot.revision)
        try await commit(tracker) { draft throws(TrackerError) in try draft.undo(plan) }
        #expect(keys(tracker) == pair)
        #expect(params(tracker) == box)
        try await commit(tracker) { draft throws(TrackerError) in
            try draft.remove("profiles", at: "p")
            try draft.create("profiles", ["Name": "p", "Params": ["secret": "s"]])
        }
        #expect(keys(tracker) != nil && keys(tracker) != pair)
    }

    @Test func `undoing the commit that made a key leaves the key`() async throws {
        let tracker = try open()
        try await commit(tracker) { draft throws(TrackerError) in try draft.create("profiles", ["Name": "p"]) }
        let made = try await commit(tracker) { draft throws(TrackerError) in
            try draft.sealingKeys(of: ObjectID("profiles", "p"))
        }
        let plan = try await tracker.undoPlan(for: made.snapshot.revision)
        try await commit(tracker) { draft throws(TrackerError) in try draft.undo(plan) }
        #expect(keys(tracker) == made.value)
    }

    @Test func `nobody is told of keys`() async throws {
        let tracker = try open()
        let start = tracker.events.now
        try await fill(tracker)
        var reader = try await tracker.events.reader(from: .after(start), ringing: AsyncSignal())
        let events = try await reader.read().flatMap(\.events)
        #expect(Set(events.map(\.type)) == ["params", "profiles"])
        #expect(!tracker.catalog.visibleTypes.contains { $0.typeName == SealingKeys.typeName })
        let keys = try #require(tracker.snapshot[SealingKeys.typeName]?.objects.first { _ in true })
        #expect(SealingKeys.type.served(keys.1).member("PrivateKey") == nil)
    }

    @Test func `a pack is sealed before anything of it is stored`() async throws {
        let tracker = try open()
        try await fill(tracker)
        let layer = try pack(Self.packed)
        try await commit(tracker) { draft throws(TrackerError) in try draft.push(layer) }
        let box = params(tracker, "q")
        #expect(box["secret"].map(SecureData.isSealed) == true)
        #expect(opened(tracker, "q") == ["secret": "packed"])
        #expect(tracker.snapshot.stack["pack"]?.objects["profiles"]?["q"]?.member("Params")?.value() == .object(box))
        let again = try await commit(tracker) { draft throws(TrackerError) in try draft.push(layer) }
        #expect(params(tracker, "q") == box)
        #expect(again.changes.allSatisfy { $0.before?.document == $0.after?.document })
    }

    @Test func `values follow when a param becomes secure and ceases to be, in packs and under overrides too`()
        async throws
    {
        let below = try pack(
            [
                "profiles": [
                    "q": ["Name": "q", "Params": ["open": "below"]], "r": ["Name": "r", "Params": ["open": "r"]],
                ]
            ],
            .local)
        let tracker = try open([below])
        try await fill(tracker)
        try await commit(tracker) { draft throws(TrackerError) in
            try draft.update("profiles", at: "q") { $0["Params"] = ["open": "above"] }
        }
        func set(_ isSecure: Bool) async throws {
            try await commit(tracker) { draft throws(TrackerError) in
                try draft.update("params", at: "open") { $0["Secure"] = .bool(isSecure) }
            }
        }
        func hidden(_ name: ByteString) -> JSONValue? {
            tracker.snapshot.stack["pack"]?.objects["profiles"]?[name]?.member(at: ["Params", "open"])?.value()
        }
        try await set(true)
        #expect(["p", "q", "r"].allSatisfy { params(tracker, $0)["open"].map(SecureData.isSealed) == true })
        #expect(["q", "r"].allSatisfy { hidden($0).map(SecureData.isSealed) == true })
        #expect(["p", "q", "r"].map { opened(tracker, $0)["open"] } == ["o", "above", "r"])
        try await set(false)
        #expect(["p", "q", "r"].map { params(tracker, $0)["open"] } == ["o", "above", "r"])
        #expect([hidden("q"), hidden("r")] == ["below", "r"])
    }

    @Test func `what a pack makes secret while the server is down is sealed when it starts`() async throws {
        let first = try open()
        try await fill(first)
        let uploaded = try pack(["profiles": ["q": ["Name": "q", "Params": ["later": "packed"]]]])
        try await commit(first) { draft throws(TrackerError) in
            _ = try draft.push(uploaded)
            try draft.update("profiles", at: "p") { $0["Params"] = ["later": "written"] }
        }
        let local = try Layer.admitting(
            kind: .local, name: "LocalStore", metadata: [:],
            sections: ["params": ["later": ["Name": "later", "Secure": true]]], catalog: Self.catalog)
        let second = try open([local], seed: 2)
        let (p, q) = (params(second), params(second, "q"))
        #expect([p, q].allSatisfy { $0["later"].map(SecureData.isSealed) == true })
        #expect([opened(second)["later"], opened(second, "q")["later"]] == ["written", "packed"])
        let third = try open([local], seed: 3)
        #expect([params(third), params(third, "q")] == [p, q])
        #expect(third.snapshot.revision == second.snapshot.revision)
        let report = try await third.check()
        #expect(report.isClean, "\(report.differences)")
    }
}
