import Access
import Basics
import HTTPServing
import JSON
import Provisioning
import Tracker

/// Takes secrets out of objects that are shown in histories, differences and dry runs.
///
/// Whoever may read an object sees its secret there; records of changes are read by more people, and for longer.
struct Redaction: Sendable {
    /// Stands in the place of what is not shown.
    static let mask: JSONValue = "(not shown)"

    private let catalog: Catalog
    /// The params whose values must be sealed.
    private let secureParams: Set<Identifier>

    /// The redaction of objects by what is secret in `snapshot`, or in `other`.
    init(_ snapshot: Snapshot, and other: Snapshot? = nil) {
        catalog = snapshot.catalog
        secureParams = snapshot.secureParams(.provisioning).union(other?.secureParams(.provisioning) ?? [])
    }

    /// The redaction for an answer to `call`, by what is secret now.
    init(for call: RequestContext) { self.init(call.session.accessSnapshot ?? call.snapshot) }

    /// Whether params can be shown as they are.
    var sparesParams: Bool { secureParams.isEmpty }

    /// What is shown of an object as it was or is; null if it did not exist.
    func callAsFunction(_ typeName: TypeName, _ version: PastVersion) -> JSONValue {
        guard let type = catalog[typeName], let document = type.served(version),
            case .object(var object) = document.value()
        else { return .null }
        if object["Secret"] != nil { object["Secret"] = Self.mask }
        if typeName == "preferences", Self.isSecret(object["Name"]) { object["Val"] = Self.mask }
        if type.traits.contains(.parameters), case .object(let params) = object["Params"] {
            object["Params"] = .object(self.params(params))
        }
        return .object(object)
    }

    /// Params without secrets that are not sealed.
    func params(_ params: JSONObject) -> JSONObject {
        guard !secureParams.isEmpty else { return params }
        return JSONObject(params.map { name, value in (name, param(name, value)) })
    }

    /// A param's value, if it is none or sealed.
    func param(_ name: String, _ value: JSONValue) -> JSONValue {
        secureParams.contains(Identifier(name)) && !SecureData.isSealed(value) ? Self.mask : value
    }

    /// An event as it is shown: what it tells of may be from before a param became secure.
    func callAsFunction(_ event: Event) -> Event {
        guard !secureParams.isEmpty, event.revision != nil, let type = catalog[TypeName(event.type)],
            type.traits.contains(.parameters)
        else { return event }
        let documents = [event.object, event.original]
        let shown = documents.map { $0.map(self.params) }
        guard shown != documents else { return event }
        return Event(
            time: event.time, type: event.type, action: event.action, key: event.key, principal: event.principal,
            object: shown[0], original: shown[1], revision: event.revision)
    }

    /// An object's document without secrets in its params that are not sealed.
    private func params(_ document: JSONDocument) -> JSONDocument {
        // Most objects have none, which shows in two bytes.
        guard let slice = document.member("Params"), slice.rawBytes.count > 2, let own = slice.value().objectValue
        else {
            return document
        }
        let shown = params(own)
        return shown == own ? document : document.rewriting(omit: [], set: [("Params", .object(shown))])
    }

    /// The difference between two versions of an object.
    func diff(_ typeName: TypeName, _ before: PastVersion, _ after: PastVersion) -> JSONValue {
        JSONPatch.diff(from: self(typeName, before), to: self(typeName, after)).value
    }

    private static func isSecret(_ name: JSONValue?) -> Bool {
        name?.stringValue.flatMap(PreferenceName.init(named:))?.isSecret ?? false
    }
}
