import Glibc

/// A run of bytes to be looked for in many texts: Horspool's search, which looks at about one byte of the text for each one of
/// the pattern and skips the rest.
public struct BytePattern: Sendable, Hashable {
    private let bytes: [UInt8]
    /// For each byte, how far the pattern may move on when the text has that byte under the pattern's last one.
    private let skips: [UInt8]

    /// A pattern of `bytes`; none occur in every text.
    public init(_ bytes: [UInt8]) {
        var skips = [UInt8](repeating: UInt8(clamping: bytes.count), count: 256)
        for (index, byte) in bytes.dropLast().enumerated() {
            skips[Int(byte)] = UInt8(clamping: bytes.count - 1 - index)
        }
        self.bytes = bytes
        self.skips = skips
    }

    /// Whether the bytes stand anywhere in `text`.
    public func occurs(in text: UnsafeRawBufferPointer) -> Bool {
        let last = bytes.count - 1
        guard last >= 0 else { return true }
        return bytes.withUnsafeBytes { pattern in
            skips.withUnsafeBufferPointer { skips in
                var end = last
                while end < text.count {
                    let byte = text[end]
                    if byte == pattern[last],
                        memcmp(text.baseAddress! + (end &- last), pattern.baseAddress!, last) == 0
                    {
                        return true
                    }
                    end &+= Int(skips[Int(byte)])
                }
                return false
            }
        }
    }
}
