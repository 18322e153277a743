import Access
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
    private let secureParams: Set<String>

    /// The redaction of objects by what is secret in `snapshot`.
    init(_ snapshot: Snapshot) {
        catalog = snapshot.catalog
        secureParams = Set(
            (snapshot["params"]?.objects).map { objects in
                objects.lazy.filter { $0.1.document.member("Secure")?.bool == true }.map { $0.0.string }
            } ?? [])
    }

    /// What is shown of an object as it was or is; null if it did not exist.
    func callAsFunction(_ prefix: Prefix, _ version: PastVersion) -> JSONValue {
        guard let type = catalog[prefix], let document = type.served(version),
            case .object(var object) = document.value()
        else { return .null }
        if object["Secret"] != nil { object["Secret"] = Self.mask }
        if prefix == "preferences", Self.isSecret(object["Name"]) { object["Val"] = Self.mask }
        if type.traits.contains(.params), case .object(let params) = object["Params"] {
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
        secureParams.contains(name) && !SecureData.isSealed(value) ? Self.mask : value
    }

    /// The difference between two versions of an object.
    func diff(_ prefix: Prefix, _ before: PastVersion, _ after: PastVersion) -> JSONValue {
        JSONPatch.diff(from: self(prefix, before), to: self(prefix, after)).value
    }

    private static func isSecret(_ name: JSONValue?) -> Bool {
        name?.stringValue.flatMap(PreferenceName.init(rawValue:))?.isSecret ?? false
    }
}
