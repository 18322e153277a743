import Basics
import HTTPServing
import JSON
import Provisioning
import Tracker

/// Which part of objects an answer holds, and how: the arguments `slim`, `params`, `aggregate` and `decode` (C §7.2).
struct Projection: Sendable {
    private let type: ObjectType
    /// Fields to leave empty.
    private let slimmed: [Field]
    /// The params to keep; nil for all.
    private let params: Set<Identifier>?
    private let aggregates: Bool
    private let reading: ParamResolution.Reading?

    /// The projection that a call asks for, or nil if it asks for whole objects as they are.
    init?(_ call: RequestContext, _ type: ObjectType) {
        let query = call.query
        guard !query.all.isEmpty else { return nil }
        let slim = Set((query.list("slim") ?? []).map { Identifier($0.asciiLowercased) })
        slimmed =
            slim.isEmpty
            ? [] : type.schema.fields.filter { !$0.isHidden && slim.contains(Identifier($0.name.asciiLowercased)) }
        params = type.traits.contains(.parameters) ? query.list("params").map { Set($0.map { Identifier($0) }) } : nil
        aggregates = type.traits.contains(.parameters) && query.isSet("aggregate")
        reading = type.traits.contains(.parameters) ? call.paramReading : nil
        self.type = type
        if slimmed.isEmpty, params == nil, !aggregates, reading == nil { return nil }
    }

    /// Whether answers depend on more than the object itself.
    var isDerived: Bool { aggregates }

    /// Whether little is to be done for so many objects: nothing is inherited or opened, and they are not long.
    func isBrief(of objects: [StoredObject]) -> Bool {
        guard !aggregates, reading == nil else { return false }
        var bytes = 0
        return objects.allSatisfy { object in
            bytes += object.document.bytes.count
            return bytes <= Self.briefLength
        }
    }

    /// The most bytes of objects that an event loop takes parts of.
    private static let briefLength = 256 << 10

    /// The part of `object` that was asked for.
    ///
    /// - Throws: `overBudget` when it takes the params of too many profiles.
    func callAsFunction(_ object: StoredObject, in snapshot: Snapshot) throws(TrackerError) -> JSONDocument {
        var members: [(String, JSONValue)] = []
        for field in slimmed where !field.omitsEmpty { members.append((field.name, field.shape.zero)) }
        // Params that are named come also where all others are left out.
        let hasParams = params != nil || !slimmed.contains { $0.name.hasSameUTF8(as: "Params") }
        if hasParams, aggregates || params != nil || reading != nil {
            members.append(("Params", .object(try values(of: object, in: snapshot))))
        }
        let isPartial = !slimmed.isEmpty || params != nil
        if isPartial, type.schema.field("Partial") != nil { members.append(("Partial", true)) }
        return type.served(object).rewriting(omit: slimmed.map(\.name), set: members)
    }

    private func values(of object: StoredObject, in snapshot: Snapshot) throws(TrackerError) -> JSONObject {
        let values =
            aggregates
            ? try ParamResolution(of: object, type.typeName, in: snapshot, reading: reading).aggregate()
            : object.params(type.typeName, reading)
        guard let params else { return values }
        return values.filter { name, _ in params.contains(Identifier(name)) }
    }
}
