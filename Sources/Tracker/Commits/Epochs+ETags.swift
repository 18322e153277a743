import Basics
import JSON

/// The opaque validators of HTTP (C §2.1).
extension Epochs {
    /// The etag of an object: changes whenever the object does, and is never that of another content, also not in a store that
    /// went on from a copy.
    ///
    /// It is the mark of the epoch that wrote the object, and the revision to the base 36; fifteen bytes up to 60 million
    /// revisions, which need no memory of their own. Objects of packs come and go without commits of their own across restarts,
    /// so theirs is made from the content.
    public func etag(of object: StoredObject) -> String {
        guard object.layer == .writable else { return Self.packEtag(object) }
        let (epoch, number) = (epoch(of: object.revision), object.revision.number)
        var (digits, rest) = (1, number / 36)
        while rest > 0 { (digits, rest) = (digits + 1, rest / 36) }
        let length = Epoch.textLength + digits + 2
        return String(unsafeUninitializedCapacity: length) { text in
            text[0] = UInt8(ascii: "\"")
            epoch.write(into: UnsafeMutableBufferPointer(rebasing: text[1...]))
            var rest = number
            for place in stride(from: length - 2, to: length - 2 - digits, by: -1) {
                let digit = UInt8(rest % 36)
                text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                rest /= 36
            }
            text[length - 1] = UInt8(ascii: "\"")
            return length
        }
    }

    private static func packEtag(_ object: StoredObject) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in object.document.bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return "\"\(String(object.layer.number, radix: 16))-\(String(hash, radix: 16))\""
    }

    /// Whether `etag` is one of an object that this store never had: its mark is unknown here, or did not come to its revision.
    ///
    /// - Parameter newest: the revision that the store has come to.
    func isForeign(_ etag: String, newest: Revision) -> Bool {
        guard etag.utf8.count > Epoch.textLength + 2, etag.hasBytePrefix("\""), etag.hasByteSuffix("\"") else {
            return false
        }
        let text = Substring(etag.utf8.dropFirst().dropLast())
        let (mark, digits) = (text.prefix(Epoch.textLength), text.dropFirst(Epoch.textLength))
        guard Epoch.isMark(mark), let number = UInt64(digits, radix: 36) else { return false }
        return !wrote(Revision(number), mark: String(mark), newest: newest)
    }
}
