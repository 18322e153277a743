public import JSON
public import Tracker

/// What changes to profiles, stages, machines and the defaults of params do to the params that machines end up with.
public struct ParamEffects: Sendable {
    /// One machine whose params change.
    public struct Effect: Sendable {
        /// The machine's key.
        public let machine: ByteString
        /// The machine's name.
        public let name: String
        /// What turns its params before, all sources taken together, into those after.
        public let diff: JSONPatch
    }

    /// The most machines that are looked at, so that a change to everything is answered soon.
    public static let examinedMachines = 2_000
    /// The most machines that are told of one by one.
    public static let shownMachines = 100

    /// How many machines the changes may concern.
    public let concerned: Int
    /// How many of them were looked at.
    public let examined: Int
    /// How many of those end up with other params.
    public let changed: Int
    /// Some of those that do.
    public let effects: [Effect]

    /// The effects of `changes`, which lead from one state to the other.
    ///
    /// - Parameter isVisible: whether the asker may know of a machine; no other is counted.
    /// - Throws: `overBudget` when too many profiles give a machine its params.
    public init(
        _ changes: [ObjectChange], from before: Snapshot, to after: Snapshot,
        isVisible: (ByteString) -> Bool = { _ in true }
    ) throws(TrackerError) {
        var machines: Set<ByteString> = []
        for view in [before, after] { machines.formUnion(Self.machines(concernedBy: changes, in: view)) }
        let defaults = Self.changedDefaults(changes)
        if !defaults.isEmpty { for view in [before, after] { machines.formUnion(Self.all(in: view)) } }
        machines = machines.filter(isVisible)
        concerned = machines.count
        var (changed, effects): (Int, [Effect]) = (0, [])
        let looked = machines.sorted().prefix(Self.examinedMachines)
        examined = looked.count
        for key in looked {
            let old = try Self.params(of: key, in: before, defaults)
            let new = try Self.params(of: key, in: after, defaults)
            guard old != new else { continue }
            changed += 1
            guard effects.count < Self.shownMachines else { continue }
            let id = ObjectID("machines", key)
            let name = (after[id] ?? before[id])?.text("Name") ?? ""
            effects.append(Effect(machine: key, name: name, diff: .diff(from: .object(old), to: .object(new))))
        }
        (self.changed, self.effects) = (changed, effects)
    }

    /// The params of a machine, and of those in `defaults` that nobody gives it a value for, the default.
    private static func params(
        of key: ByteString, in view: Snapshot, _ defaults: [String]
    ) throws(TrackerError) -> JSONObject {
        guard let machine = view[ObjectID("machines", key)] else { return [:] }
        let resolution = try ParamResolution(of: machine, "machines", in: view)
        var params = resolution.aggregate()
        for name in defaults where params[name] == nil { params[name] = resolution.valueOrDefault(of: name) }
        return params
    }

    /// The params whose schema gives another default than before.
    private static func changedDefaults(_ changes: [ObjectChange]) -> [String] {
        changes.filter { $0.id.typeName == "params" }.compactMap { change in
            let values = [change.before, change.after].map { $0?.document.member(at: ["Schema", "default"])?.value() }
            return values[0] == values[1] ? nil : change.id.key.string
        }
    }

    private static func all(in view: Snapshot) -> Set<ByteString> {
        Set(view["machines"]?.objects.map(\.0) ?? [])
    }

    /// The machines that take params from what changed: themselves, profiles directly or through others, stages.
    private static func machines(concernedBy changes: [ObjectChange], in view: Snapshot) -> Set<ByteString> {
        var machines: Set<ByteString> = []
        var stages: Set<ByteString> = []
        var profiles: [ByteString] = []
        for change in changes {
            switch change.id.typeName {
            case "machines": machines.insert(change.id.key)
            case "stages": stages.insert(change.id.key)
            case "profiles": profiles.append(change.id.key)
            default: break
            }
        }
        var seen = Set(profiles)
        while let profile = profiles.popLast() {
            let profile = profile.string
            let including = view.keys("profiles", where: .field("Profiles"), is: profile)
            profiles += including.filter { seen.insert($0).inserted }
            stages.formUnion(view.keys("stages", where: .field("Profiles"), is: profile))
            machines.formUnion(view.keys("machines", where: .field("Profiles"), is: profile))
        }
        if seen.contains(ByteString(ParamResolution.globalProfile)) {
            return all(in: view)
        }
        for stage in stages { machines.formUnion(view.keys("machines", where: .field("Stage"), is: stage.string)) }
        return machines
    }
}
