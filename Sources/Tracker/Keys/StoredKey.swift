/// Keys as texts in the JSON that the store keeps: records of commits and uploaded packs name objects in it.
///
/// A key that is text stands as it is. Any other begins with NUL, and has then one scalar for each byte: so no bytes are lost,
/// whatever type the key is of, and even if that is no longer declared.
extension ByteString {
    /// The key as text in a stored document.
    var storedText: String {
        withUnsafeBytes { bytes in
            guard let first = bytes.first, first == 0 || !EncodedKey.isTextStart(first) else {
                return String(decoding: bytes, as: UTF8.self)
            }
            var text = "\0"
            text.unicodeScalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
            return text
        }
    }

    /// The key that `text` in a stored document stands for.
    init(storedText text: String) {
        guard text.utf8.first == 0, let bytes = Self.bytes(text.unicodeScalars.dropFirst()) else {
            self.init(text)
            return
        }
        self.init(bytes)
    }

    private static func bytes(_ scalars: Substring.UnicodeScalarView) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in scalars {
            guard let byte = UInt8(exactly: scalar.value) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
