import Basics

/// One of the first two pages of LMDB's data file: the state after one transaction. Transactions take turns.
struct MetaPage {
    /// What a meta page says of itself, or what is wrong with it.
    enum Reading {
        case page(MetaPage)
        /// No file of LMDB begins like this.
        case foreign
        /// Another version of LMDB writes such files.
        case otherVersion
    }

    static let byteCount = LMDBPage.headerSize + 136
    private static let magic: UInt32 = 0xBEEF_C0DE
    private static let version: UInt32 = 1
    /// Keys of the free list are numbers.
    private static let integerKeys: UInt16 = 8

    let free: TreeRecord
    let main: TreeRecord
    let lastPage: UInt64
    let transaction: UInt64

    /// The bytes of a page; nil if LMDB cannot have written such a size.
    var pageSize: Int? {
        let size = Int(free.pad)
        return (4096...65536).contains(size) && size & (size - 1) == 0 ? size : nil
    }

    /// Whether no transaction was made yet.
    var isBlank: Bool { transaction == 0 && free.root == nil && main.root == nil }

    /// Reads the page with that number, 0 or 1.
    ///
    /// - Parameter bytes: at least `byteCount`.
    static func read(_ bytes: UnsafeRawBufferPointer, number: UInt64) -> Reading {
        let page = LMDBPage(bytes: bytes)
        guard page.kind == .meta, page.number == number, bytes.number(16, UInt32.self) == magic else { return .foreign }
        guard bytes.number(20, UInt32.self) == version else { return .otherVersion }
        return .page(MetaPage(bytes))
    }

    private init(_ bytes: UnsafeRawBufferPointer) {
        free = TreeRecord(bytes.part(40..<88))
        main = TreeRecord(bytes.part(88..<136))
        lastPage = bytes.number(136, UInt64.self)
        transaction = bytes.number(144, UInt64.self)
    }

    /// What cannot be on a page with that number; nil if all can be.
    func contradiction(number: UInt64) -> String? {
        if pageSize == nil { return "has the page size \(free.pad)" }
        if free.flags != Self.integerKeys || main.flags != 0 { return "has flags that no store has" }
        if transaction == 0, !isBlank { return "has trees of no transaction" }
        if transaction != 0, transaction & 1 != number { return "has the transaction \(transaction) of the other one" }
        return nil
    }
}
