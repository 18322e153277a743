import Crypto

extension HMAC {
    /// Feeds texts, each after its length, so that no two lists of texts give the same bytes.
    mutating func updateFramed(_ texts: [String]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(texts.reduce(0) { $0 + 8 + $1.utf8.count })
        for text in texts {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text.utf8)
        }
        update(data: bytes)
    }
}
