import Access
import Basics
import JSON
public import Tracker

/// The keys that users show, kept sealed (F §2): beside the box there is a digest to compare with, and nothing else is kept.
public enum APIKey {
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
        guard let value = user.document.member("api_key")?.value(), let pair = sealingKeys(of: Sealing.keys.holder)
        else { return nil }
        guard let box = try? SecureData(value) else { return nil }
        return (try? box.open(with: pair))?.stringValue
    }
}
