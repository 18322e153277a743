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
    /// followed by the profiles it includes, its stage with the stage's profiles, the global profile. Each object
    /// stands once, where it counts most.
    public let sources: [Source]

    private let view: Snapshot
    private let reading: Reading?

    /// What is to be taken for a param's value that a source has.
    public typealias Reading = @Sendable (_ name: String, _ value: JSONValue, _ source: ObjectID) -> JSONValue

    /// The profile that everything falls back to.
    public static let globalProfile = "global"

    /// The resolution for `object` of type `prefix` in `view`.
    ///
    /// - Parameter reading: what is to be taken for values, by default they themselves.
    public init(
        of object: StoredObject, _ prefix: Prefix, in view: Snapshot, reading: Reading? = nil
    ) {
        var collector = Collector(view: view)
        collector.add(object, ObjectID(prefix, object.key))
        collector.addProfiles(of: object)
        if prefix == "machines", let name = object.document.member("Stage")?.string {
            collector.add("stages", name)
        }
        collector.add("profiles", Self.globalProfile)
        sources = collector.sources
        self.view = view
        self.reading = reading
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
        sources.reduce(JSONObject()) { result, source in
            let own = source.object.document.member("Params")?.value().objectValue ?? [:]
            let values = reading.map { read in JSONObject(own.map { ($0, read($0, $1, source.id)) }) } ?? own
            return result.merging(values) { first, _ in first }
        }
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
private struct Collector {
    let view: Snapshot
    private(set) var sources: [ParamResolution.Source] = []
    private var seen: Set<ObjectID> = []

    init(view: Snapshot) { self.view = view }

    mutating func add(_ prefix: Prefix, _ name: String) {
        guard let object = view.object(prefix, name) else { return }
        if add(object, ObjectID(prefix, object.key)) { addProfiles(of: object) }
    }

    @discardableResult
    mutating func add(_ object: StoredObject, _ id: ObjectID) -> Bool {
        guard seen.insert(id).inserted else { return false }
        sources.append(ParamResolution.Source(id: id, object: object))
        return true
    }

    mutating func addProfiles(of object: StoredObject) {
        for name in object.texts("Profiles") { add("profiles", name) }
    }
}
