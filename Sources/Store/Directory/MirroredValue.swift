/// A value of the keyspace `data` as a directory store keeps it: followed by the signature of the file that shows it, if there
/// is one, and by a byte that says whether.
struct MirroredValue {
    /// The value.
    let value: [UInt8]
    /// The file as the store left it; nil if no file shows the value.
    let signature: FileSignature?

    init(_ value: [UInt8], _ signature: FileSignature?) { (self.value, self.signature) = (value, signature) }

    /// The bytes that are kept.
    var bytes: [UInt8] {
        guard let signature else { return value + [0] }
        return value + signature.bytes + [1]
    }

    /// What kept bytes hold.
    ///
    /// - Throws: `corrupt` if that is nothing of this form.
    init(_ bytes: [UInt8]) throws(StoreError) {
        let value = try bytes.withBytes { bytes throws(StoreError) in Array(try Self.value(in: bytes)) }
        self.init(value, FileSignature(bytes: bytes.dropFirst(value.count).dropLast()))
    }

    /// The value in kept bytes.
    ///
    /// - Throws: `corrupt` if they have another form.
    static func value(in bytes: UnsafeRawBufferPointer) throws(StoreError) -> UnsafeRawBufferPointer {
        let rest = bytes.dropLast()
        switch bytes.last {
        case 0: return UnsafeRawBufferPointer(rebasing: rest)
        case 1 where rest.count >= FileSignature.length:
            return UnsafeRawBufferPointer(rebasing: rest.dropLast(FileSignature.length))
        default: throw StoreError(.corrupt, "a value of the directory store has no known form: restore a backup")
        }
    }
}
