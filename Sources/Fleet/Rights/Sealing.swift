import Access
import Basics
import JSON
public import Tracker

/// Seals a field of objects: nothing that the tracker keeps, tells or logs has its value in clear.
struct Sealing: DraftEffects {
    /// What the field's values are sealed for: the type, and the field in the place of a key.
    let holder: ObjectID
    /// Has what a value is compared by; nil if it is compared with nothing.
    let digestField: String?

    /// The keys that users show (F §2). A user who is made without one is given one.
    static let keys = Sealing(FleetTypes.users, "api_key", digestField: "key_digest")
    /// What network devices are reached with.
    static let secrets = Sealing(FleetTypes.secrets, "value", digestField: nil)

    private let field: String

    private init(_ typeName: TypeName, _ field: String, digestField: String?) {
        (self.field, self.digestField, holder) = (field, digestField, ObjectID(typeName, ByteString(field)))
    }

    var looksAt: [TypeName] { [holder.typeName] }

    func prepare(
        _ object: inout JSONObject, _ change: ChangeContext, in draft: inout Draft
    ) throws(TrackerError) {
        if let sealed = object[field], SecureData.isSealed(sealed),
            digestField.map({ !object.text($0).isEmpty }) ?? true
        {
            return
        }
        let value: JSONValue
        if let digestField {
            let given = object.text(field)
            let key = given.isEmpty ? change.environment.uuid() : given
            object[digestField] = .string(APIKey.digest(key))
            value = .string(key)
        } else {
            guard let given = object[field] else { return }
            value = given
        }
        let pair = try draft.sealingKeys(of: holder)
        do throws(SealedError) {
            object[field] = try SecureData.seal(value, for: pair.publicKey, change.environment).value
        } catch {
            throw TrackerError(
                .internalFault, holder.typeName, key: change.key, "\(field) cannot be sealed: \(error)")
        }
    }
}

extension Snapshot {
    /// The key of a user, for those who may see it; nil if it cannot be opened.
    public func apiKey(of user: StoredObject) -> String? {
        guard let value = user.document.member("api_key")?.value(), let pair = sealingKeys(of: Sealing.keys.holder)
        else { return nil }
        guard let box = try? SecureData(value) else { return nil }
        return (try? box.open(with: pair))?.stringValue
    }

    /// The secret that a network device names, in its own project; nil if it names none, or one that is not there.
    public func accessSecret(of device: StoredObject) -> StoredObject? {
        guard let number = device.number("access_secret_id"), let secret = object(FleetTypes.secrets, String(number)),
            secret.document.member("project_id") == device.document.member("project_id")
        else { return nil }
        return secret
    }
}

/// The keys that users show, kept sealed (F §2): beside the box there is a digest to compare with, and nothing else is kept.
public enum APIKey {
    /// What a key is compared by.
    public static func digest(_ key: String) -> String {
        var digest = Digest()
        digest.add(key)
        return Hexadecimal.encode(digest.bytes)
    }
}
