public import JSON
public import Tracker

/// Where an object's param values come from, and what they come to (C §9).
///
/// The sources are found once; every question then reads only the values of the params asked for.
public struct ParamResolution: Sendable {
    /// One object that may give values.
    public struct Source: Sendable {
        /// Which object.
        public let id: ObjectID
        /// Its state in the snapshot that is asked.
        public let object: StoredObject
    }

    /// One value that one source gives a param.
    public struct Contribution: Sendable {
        /// The object that has the value in its `Params`.
        public let source: ObjectID
        /// The value as stored, sealed if the param is secure; or as the resolution reads it.
        public let value: JSONValue
    }

    /// Everything that can give the object values, highest precedence first: the object, its profiles in order, each
    /// followed by what other domains give in its place and the profiles it includes, its stage with the stage's
    /// profiles, the global profile. Each object stands once, where it counts most.
    public let sources: [Source]

    private let view: Snapshot
    private let reading: Reading?

    /// What is to be taken for a param's value that a source has.
    public typealias Reading = @Sendable (_ name: String, _ value: JSONValue, _ source: ObjectID) -> JSONValue

    /// The profile that everything falls back to.
    public static let globalProfile = "global"

    /// How many names of profiles are looked up for one object, whether they lead to something new or not.
    public static let budget = WorkBudget(
        10_000, "names of profiles that give an object its params",
        remedy: "take some out of the Profiles of the object, or of the profiles that these include")

    /// The resolution for `object` of type `typeName` in `view`.
    ///
    /// - Parameters:
    ///   - order: the work order that its values go before the object's of; nil for none.
    ///   - reading: what is to be taken for values, by default they themselves.
    /// - Throws: `overBudget` when there are too many profiles.
    public init(
        of object: StoredObject, _ typeName: TypeName, in view: Snapshot, under order: StoredObject? = nil,
        reading: Reading? = nil
    ) throws(TrackerError) {
        var collector = Collector(view: view, object: object, typeName: typeName)
        if let order { try collector.add(order, ObjectID("work_orders", order.key)) }
        try collector.add(object, ObjectID(typeName, object.key))
        if typeName == "machines", let name = object.document.member("Stage")?.string,
            let stage = view.object("stages", name)
        {
            try collector.add(stage, ObjectID("stages", stage.key))
        }
        try collector.addProfiles([Self.globalProfile])
        sources = collector.sources
        self.view = view
        self.reading = reading
    }

    /// The resolution for what is no object of ours: what the global profile gives to all.
    ///
    /// - Parameter reading: as above.
    /// - Throws: `overBudget` when there are too many profiles.
    public init(globalIn view: Snapshot, reading: Reading? = nil) throws(TrackerError) {
        var collector = Collector(view: view, object: nil, typeName: "")
        try collector.addProfiles([Self.globalProfile])
        (sources, self.view, self.reading) = (collector.sources, view, reading)
    }

    /// The values given to `name`, the one that counts first.
    public func contributions(to name: String) -> [Contribution] {
        sources.compactMap { source in
            source.object.document.member(at: ["Params", name]).map {
                Contribution(source: source.id, value: read(name, $0, source))
            }
        }
    }

    /// The first value given to `name`; nil if no source has one.
    public func value(of name: String) -> JSONValue? {
        for source in sources {
            if let value = source.object.document.member(at: ["Params", name]) { return read(name, value, source) }
        }
        return nil
    }

    /// The first value given to `name`, or else the default in the param's schema.
    public func valueOrDefault(of name: String) -> JSONValue? {
        value(of: name) ?? view.object("params", name)?.document.member(at: ["Schema", "default"])?.value()
    }

    /// All values given to `name` as one: maps are merged at every depth, where the higher precedence wins; lists are
    /// joined, the highest precedence first. Values of another kind than the first are passed over. The schema's
    /// default stands in where no source has a value.
    public func composed(_ name: String) -> JSONValue? {
        let values = contributions(to: name).map(\.value)
        guard let first = values.first else { return valueOrDefault(of: name) }
        return values.dropFirst().reduce(first) { Self.compose($0, under: $1) }
    }

    /// The first value of every param that any source has; schema defaults are not among them.
    public func aggregate() -> JSONObject {
        var parts = sources.map { source -> JSONObject in
            let own = source.object.document.member("Params")?.value().objectValue ?? [:]
            return reading.map { read in JSONObject(own.map { ($0, read($0, $1, source.id)) }) } ?? own
        }
        // Neighbours are joined two by two, so that no value is copied more often than there are rounds.
        while parts.count > 1 {
            parts = stride(from: 0, to: parts.count, by: 2).map { place in
                place + 1 < parts.count ? parts[place].merging(parts[place + 1]) { first, _ in first } : parts[place]
            }
        }
        return parts.first ?? [:]
    }

    private func read(_ name: String, _ value: JSONSlice, _ source: Source) -> JSONValue {
        let value = value.value()
        return reading?(name, value, source.id) ?? value
    }

    private static func compose(_ upper: JSONValue, under lower: JSONValue) -> JSONValue {
        switch (upper, lower) {
        case (.object(let upper), .object(let lower)):
            .object(upper.merging(lower) { compose($0, under: $1) })
        case (.array(let upper), .array(let lower)): .array(upper + lower)
        default: upper
        }
    }
}

/// Gathers sources, each once; profiles that include each other in a circle end where it closes.
///
/// It keeps a list of what is still to be looked up instead of calling itself, since profiles may be nested as deep as somebody
/// likes.
private struct Collector {
    let view: Snapshot
    /// What the params are of; nil for nothing of ours.
    let object: StoredObject?
    let typeName: TypeName
    private(set) var sources: [ParamResolution.Source] = []
    private var seen: Set<ObjectID> = []
    private var meter = WorkMeter(ParamResolution.budget)

    init(view: Snapshot, object: StoredObject?, typeName: TypeName) {
        (self.view, self.object, self.typeName) = (view, object, typeName)
    }

    /// Adds an object, and then its profiles.
    mutating func add(_ object: StoredObject, _ id: ObjectID) throws(TrackerError) {
        if take(object, id) { try addProfiles(object.texts("Profiles")) }
    }

    /// Adds profiles in their order, each followed by those that it includes.
    mutating func addProfiles(_ names: [String]) throws(TrackerError) {
        var pending = Array(names.reversed())
        try meter.spend(pending.count)
        while let name = pending.popLast() {
            guard let object = view.object("profiles", name), take(object, ObjectID("profiles", object.key)) else {
                continue
            }
            addProvided(by: object)
            let included = object.texts("Profiles")
            try meter.spend(included.count, on: "profiles", key: name)
            pending += included.reversed()
        }
    }

    /// Adds what other domains have to say about the object where a profile asks for that.
    private mutating func addProvided(by profile: StoredObject) {
        guard let object else { return }
        for provider in view.catalog.valueProviders {
            guard let source = provider.source(profile, for: object, typeName, in: view) else { continue }
            // As if the object that they come from had them for its own params.
            _ = take(source.object.having(["Params": .object(source.values)]), source.id)
        }
    }

    private mutating func take(_ object: StoredObject, _ id: ObjectID) -> Bool {
        guard seen.insert(id).inserted else { return false }
        sources.append(ParamResolution.Source(id: id, object: object))
        return true
    }
}
