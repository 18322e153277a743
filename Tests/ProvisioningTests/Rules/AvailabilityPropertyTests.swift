import JSON
import Provisioning
import Testing
import Tracker

/// Whatever is created, changed and removed in whatever order: `Available` is what a look at everything from scratch
/// says.
@Suite struct AvailabilityPropertyTests {
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `availability follows every change`(seed: UInt64) async throws {
        let world = try await TestServer()
        var random = SplitMix(state: seed)
        var seen: [Bool: Int] = [:]
        for step in 0..<120 {
            let action = Action(&random)
            _ = await refusal { () throws(TrackerError) in try await action.perform(in: world) }
            let snapshot = world.tracker.snapshot
            for (id, isAvailable) in Judge(snapshot).verdicts() {
                let shown = snapshot[id]?.object["Available"] == true
                #expect(shown == isAvailable, "seed \(seed) step \(step) after \(action): \(id)")
                seen[isAvailable, default: 0] += 1
            }
        }
        #expect(seen[true, default: 0] > 100 && seen[false, default: 0] > 100, "seed \(seed) saw \(seen)")
    }

    @Test(arguments: 7...9 as ClosedRange<UInt64>)
    func `many changes in one commit come to the same`(seed: UInt64) async throws {
        let world = try await TestServer()
        var random = SplitMix(state: seed)
        for step in 0..<15 {
            let actions = (0..<8).map { _ in Action(&random) }
            _ = await refusal { () throws(TrackerError) in
                try await world.change { (draft) throws(TrackerError) in
                    for action in actions {
                        var attempt = draft
                        do throws(TrackerError) {
                            try action.perform(in: &attempt)
                            draft = attempt
                        } catch {}
                    }
                }
            }
            let snapshot = world.tracker.snapshot
            for (id, isAvailable) in Judge(snapshot).verdicts() {
                let shown = snapshot[id]?.object["Available"] == true
                #expect(shown == isAvailable, "seed \(seed) step \(step) after \(actions): \(id)")
            }
        }
    }
}

/// One thing done to one of a few objects that refer to each other.
private struct Action: Sendable {
    let typeName: TypeName
    let key: String
    let isRemoval: Bool
    let fields: JSONObject

    private static let prefixes: [TypeName] = [
        "templates", "tasks", "profiles", "bootenvs", "stages", "workflows", "machines",
    ]

    init(_ random: inout SplitMix) {
        typeName = Self.prefixes[random.below(Self.prefixes.count)]
        let number = random.below(3)
        key = typeName == "machines" ? "00000000-0000-4000-8000-00000000000\(number)" : "x\(number)"
        isRemoval = random.below(3) == 0
        func name() -> JSONValue { .string("x\(random.below(3))") }
        func names() -> JSONValue { .array(Array(Set((0..<random.below(3)).map { _ in name() }))) }
        let templates: JSONValue =
            random.below(2) == 0 ? [] : [["Name": "tmpl", "Path": "path", "ID": name()]]
        switch typeName {
        case "templates": fields = ["ID": .string(key)]
        case "tasks": fields = ["Name": .string(key), "Prerequisites": names(), "Templates": templates]
        case "profiles": fields = ["Name": .string(key), "Profiles": names()]
        case "bootenvs":
            fields = ["Name": .string(key), "OnlyUnknown": .bool(random.below(4) == 0), "Templates": templates]
        case "stages":
            fields = [
                "Name": .string(key), "BootEnv": random.below(2) == 0 ? "" : name(), "Tasks": names(),
                "Profiles": names(),
                "Templates": templates,
            ]
        case "workflows": fields = ["Name": .string(key), "Stages": names()]
        default:
            fields = [
                "Uuid": .string(key), "Name": .string("machine\(number)"), "Stage": name(), "BootEnv": name(),
                "Workflow": random.below(2) == 0 ? "" : name(), "Profiles": names(), "Tasks": names(),
            ]
        }
    }

    func perform(in world: TestServer) async throws(TrackerError) {
        try await world.change { (draft) throws(TrackerError) in try self.perform(in: &draft) }
    }

    func perform(in draft: inout Draft) throws(TrackerError) {
        if isRemoval {
            try draft.remove(typeName, at: key)
        } else if draft.view.contains(typeName, key) {
            try draft.replace(typeName, at: key, with: fields)
        } else {
            try draft.create(typeName, fields)
        }
    }
}

/// The rules once more, as plainly as can be.
private struct Judge {
    let snapshot: Snapshot

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    func verdicts() -> [(ObjectID, Bool)] {
        (["tasks", "profiles", "bootenvs", "stages", "workflows", "machines"] as [TypeName]).flatMap { typeName in
            (snapshot[typeName]?.objects ?? .init()).map { key, _ in
                (ObjectID(typeName, key), isAvailable(typeName, key.string))
            }
        }
    }

    private func isAvailable(_ typeName: TypeName, _ key: String) -> Bool {
        guard let object = snapshot.object(typeName, key)?.object else { return false }
        func names(_ field: String) -> [String] { (object[field]?.arrayValue ?? []).compactMap(\.stringValue) }
        func exist(_ field: String, _ target: TypeName) -> Bool {
            // Of a machine's list, entries that enter something are no tasks.
            names(field).allSatisfy { $0.contains(":") || snapshot.contains(target, $0) }
        }
        let ids = (object["Templates"]?.arrayValue ?? []).compactMap { $0["ID"]?.stringValue }.filter { !$0.isEmpty }
        let hasTemplates = ids.allSatisfy { snapshot.contains("templates", $0) }
        func text(_ field: String) -> String { object[field]?.stringValue ?? "" }
        switch typeName {
        case "tasks": return hasTemplates && exist("Prerequisites", "tasks")
        case "profiles": return exist("Profiles", "profiles")
        case "bootenvs": return hasTemplates
        case "stages":
            return hasTemplates && exist("Tasks", "tasks") && exist("Profiles", "profiles")
                && (text("BootEnv").isEmpty || canBoot(text("BootEnv")))
        case "workflows": return names("Stages").allSatisfy { isAvailable("stages", $0) }
        default:
            return exist("Tasks", "tasks") && exist("Profiles", "profiles") && canBoot(text("BootEnv"))
                && isAvailable("stages", text("Stage"))
                && (text("Workflow").isEmpty || isAvailable("workflows", text("Workflow")))
        }
    }

    private func canBoot(_ name: String) -> Bool {
        isAvailable("bootenvs", name) && snapshot.object("bootenvs", name)?.object["OnlyUnknown"] == false
    }
}

/// A small generator whose whole state is its seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
