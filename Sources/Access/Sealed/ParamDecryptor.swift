public import JSON
public import Tracker

/// Opens the sealed values of objects, for those who may know them (C §9, `decode`).
public struct ParamDecryptor: Sendable {
    private let view: Snapshot

    /// An opener for the values in `view`.
    public init(_ view: Snapshot) { self.view = view }

    /// The value in a box; what is no box, or one without its key, stays as it is.
    public func callAsFunction(_ value: JSONValue, of holder: ObjectID) -> JSONValue {
        guard SecureData.isSealed(value), let pair = view.sealingKeys(of: holder) else { return value }
        return Self.opened(value, pair)
    }

    /// All parameters of an object, those in boxes opened.
    public func callAsFunction(_ given: JSONObject, of holder: ObjectID) -> JSONObject {
        guard given.values.contains(where: SecureData.isSealed), let pair = view.sealingKeys(of: holder) else {
            return given
        }
        return given.mapValues { Self.opened($0, pair) }
    }

    private static func opened(_ value: JSONValue, _ pair: KeyPair) -> JSONValue {
        guard let box = try? SecureData(value) else { return value }
        return (try? box.open(with: pair)) ?? value
    }
}
