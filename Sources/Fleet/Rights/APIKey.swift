import Access
import Basics
import JSON
public import Tracker

/// The keys that users show, kept sealed (F §2): beside the box there is a digest to compare with, and nothing else is kept.
public enum APIKey {
    /// What the keys are sealed for.
    static let holder = ObjectID(FleetTypes.users, ByteString("api_key"))

    /// What a key is compared by.
    public static func digest(_ key: String) -> String {
        var digest = Digest()
        digest.add(key)
        return Hexadecimal.encode(digest.bytes)
    }
}

extension Snapshot {
    /// The key of a user, for those who may see it; nil if it cannot be opened.
    public func apiKey(of user: StoredObject) -> String? {
        guard let value = user.document.member("api_key")?.value(), let pair = sealingKeys(of: APIKey.holder) else {
            return nil
        }
        guard let box = try? SecureData(value) else { return nil }
        return (try? box.open(with: pair))?.stringValue
    }
}

/// Seals the key that a user is given, and gives one to a user who is given none.
struct KeySealing: DraftEffects {
    var looksAt: [TypeName] { [APIKey.holder.typeName] }

    func prepare(
        _ object: inout JSONObject, _ change: ChangeContext, in draft: inout Draft
    ) throws(TrackerError) {
        if let sealed = object["api_key"], SecureData.isSealed(sealed), !object.text("key_digest").isEmpty { return }
        let given = object.text("api_key")
        let key = given.isEmpty ? change.environment.uuid() : given
        let pair = try draft.sealingKeys(of: APIKey.holder)
        do throws(SealedError) {
            object["api_key"] = try SecureData.seal(.string(key), for: pair.publicKey, change.environment).value
        } catch {
            throw TrackerError(.internalFault, FleetTypes.users, key: change.key, "the key cannot be sealed: \(error)")
        }
        object["key_digest"] = .string(APIKey.digest(key))
    }
}
