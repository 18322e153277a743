import Access
import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import Tracker

/// Why objects of one type, and the params of those that have them, are what they are.
struct ExplainHandlers: Sendable {
    let type: ObjectType

    var routes: [Route] {
        let requirement = AccessRequirement.claim(scope: type.typeName.rawValue, action: "get")
        let object = Route(.get, "/\(type.typeName)/{key...}/explain", requirement, explainObject)
        guard type.traits.contains(.parameters) else { return [object] }
        return [object, Route(.get, "/\(type.typeName)/{key}/params/{name...}/explain", requirement, explainParam)]
    }

    /// Which layer supplies the object, who wrote it, and what it hides in the layers below.
    private func explainObject(_ call: RequestContext) async throws -> Answer {
        let object = try call.object(type.typeName)
        let id = ObjectID(type.typeName, object.key)
        let redaction = Redaction(for: call)
        let stack = call.snapshot.stack
        let holders = stack.holders(of: id).filter { $0.id != object.layer }
        let shadowed = holders.map { layer -> JSONValue in
            let version = PastVersion(inPack: layer.objects[id.typeName]?[id.key])
            return ["layer": Self.layer(layer), "object": redaction(type.typeName, version)]
        }
        var meter = WorkMeter(call.services.configuration.budgets.explain)
        let origin = try await call.tracker.lastRecord(of: id, in: call.snapshot, &meter)
        return .json([
            "type": .string(type.typeName.rawValue), "key": .string(object.key.string),
            "etag": .string(call.snapshot.etag(of: object)),
            "layer": stack[object.layer].map(Self.layer) ?? .null,
            "setBy": Self.origin(origin, call), "object": redaction(type.typeName, PastVersion(object)),
            "shadows": .array(shadowed),
        ])
    }

    /// The value that wins, and all that it beats, each with where it stands and who put it there. Values are those of
    /// `aggregate`, so they show by the right to the object; of a source that the caller may not get, nothing else does.
    private func explainParam(_ call: RequestContext) async throws -> Answer {
        let object = try call.object(type.typeName)
        let name = call["name"]
        let resolution = try ParamResolution(of: object, type.typeName, in: call.snapshot)
        let (redaction, readAuthorization) = (Redaction(for: call), call.readAuthorization())
        var values: [JSONValue] = []
        var meter = WorkMeter(call.services.configuration.budgets.explain)
        for contribution in resolution.contributions(to: name) {
            let source = contribution.source
            guard readAuthorization.sees(source, in: call.snapshot) else {
                values.append([
                    "type": .string(""), "key": .string(""), "layer": .null,
                    "value": redaction.param(name, contribution.value), "setBy": .null,
                ])
                continue
            }
            let layer = call.snapshot[source].flatMap { call.snapshot.stack[$0.layer] }
            let origin = try await call.tracker.lastRecord(
                of: source, at: ["Params", name], in: call.snapshot, &meter)
            values.append([
                "type": .string(source.typeName.rawValue), "key": .string(source.key.string),
                "layer": layer.map(Self.layer) ?? .null, "value": redaction.param(name, contribution.value),
                "setBy": Self.origin(origin, call),
            ])
        }
        let definition = call.snapshot.object("params", name)
        let standard = definition?.document.member(at: ["Schema", "default"])?.value()
        return .json([
            "name": .string(name), "value": values.first?["value"] ?? standard ?? .null,
            "from": .string(values.isEmpty ? (standard == nil ? "none" : "default") : "value"),
            "values": .array(values), "default": standard ?? .null,
        ])
    }

    private static func layer(_ layer: Layer) -> JSONValue {
        ["kind": .string(layer.kind.name), "name": .string(layer.name)]
    }

    /// Who set something; null if that is forgotten.
    private static func origin(_ record: HistoryRecord?, _ call: RequestContext) -> JSONValue {
        guard let record else { return .null }
        var head = RecordView(record, call.readAuthorization(), in: call.snapshot).head
        head["packs"] = nil
        return .object(head)
    }
}
