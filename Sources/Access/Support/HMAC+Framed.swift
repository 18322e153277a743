import Crypto

extension HMAC {
    /// Feeds texts, each after its length, so that no two lists of texts give the same bytes.
    mutating func updateFramed(_ texts: [String]) {
        for text in texts {
            let bytes = Array(text.utf8)
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update(data: Array($0)) }
            update(data: bytes)
        }
    }
}
