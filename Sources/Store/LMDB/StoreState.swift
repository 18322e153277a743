import Basics

/// Which transaction of LMDB wrote the tree that this is in, noted by every transaction since format 3.
///
/// LMDB takes the meta page with the higher number for the newest state. What a damaged number would make the newest is
/// told by the number in its tree.
struct StoreState {
    /// The key it is stored under, in the unnamed database.
    static let key = Array("muster-state".utf8)

    let transaction: UInt64

    /// Makes the state of a transaction.
    init(transaction: UInt64) { self.transaction = transaction }

    /// Reads the stored form with its checksum; nil if it is damaged.
    init?(sealed: [UInt8]) {
        let transaction: UInt64? = sealed.withUnsafeBytes { envelope in
            Self.key.withUnsafeBytes { key in
                guard let value = ValueEnvelope.open(envelope, key: key, in: ValueEnvelope.unnamed), value.count == 8
                else { return nil }
                return value.number(0, UInt64.self)
            }
        }
        guard let transaction else { return nil }
        self.transaction = transaction
    }

    /// The stored form, without its checksum.
    var encoded: [UInt8] { withUnsafeBytes(of: transaction.littleEndian) { Array($0) } }
}
