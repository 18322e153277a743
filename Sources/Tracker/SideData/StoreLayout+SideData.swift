/// Where side data stands in the keyspace `side`.
///
/// A subject may hold any byte. Its NULs are written as 00 FF and its end as 00 01, so that keys sort by subject and then by item,
/// and the entries of a subject are a range that has nobody else's.
extension StoreLayout {
    /// What the keys of a subject's entries begin with.
    static func sidePrefix(_ name: TypeName, _ subject: ByteString) -> [UInt8] {
        var key = Array(name.rawValue.utf8) + [0]
        for byte in subject.bytes {
            key.append(byte)
            if byte == 0 { key.append(0xff) }
        }
        return key + [0, 1]
    }

    /// What a key of side data says; nil if it has no known form.
    static func sideKey(_ key: UnsafeRawBufferPointer) -> (name: TypeName, subject: ByteString, item: [UInt8])? {
        guard let end = key.firstIndex(of: 0) else { return nil }
        var (subject, position) = ([UInt8](), end + 1)
        while position < key.count {
            guard key[position] == 0 else {
                subject.append(key[position])
                position += 1
                continue
            }
            guard position + 1 < key.count else { return nil }
            switch key[position + 1] {
            case 0xff: subject.append(0)
            case 1:
                let name = TypeName(String(decoding: key[..<end], as: UTF8.self))
                return (name, ByteString(subject), Array(key[(position + 2)...]))
            default: return nil
            }
            position += 2
        }
        return nil
    }
}

/// The range of a subject's entries in the keyspace `side`.
struct SideRange: Sendable, Hashable {
    /// What the keys of its entries begin with, which is less than all of them.
    let from: [UInt8]

    init(_ name: TypeName, _ subject: ByteString) { from = StoreLayout.sidePrefix(name, subject) }

    /// A key that is greater than all of them.
    var upTo: [UInt8] { from.dropLast() + [2] }
}
