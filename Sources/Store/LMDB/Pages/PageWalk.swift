import Glibc

/// Checks the structure of LMDB's data file before LMDB maps it, since LMDB follows whatever it finds there: a wrong number
/// would end the process by a signal, or lead to other values.
///
/// Every page of the newest state must be reached once, or be free, or be unused; every tree must have the counts and the
/// order that are noted. The two meta pages must be of two transactions in a row, and each must be the one that the tree
/// below it names (`StoreState`): otherwise a changed number would show an older state as the newest.
struct PageWalk {
    private let path: String
    private let file: PageFile
    private let metas: [MetaPage]

    /// Checks a file.
    ///
    /// - Parameters:
    ///   - directory: the store's, for errors.
    ///   - descriptor: the file, open for reading.
    /// - Throws: `corrupt` naming the file and the page, `unsupported` for the file of another version of LMDB, and why it
    ///   cannot be read.
    static func check(_ directory: String, descriptor: Int32) throws(StoreError) {
        let path = directory + "/data.mdb"
        let length = try Directory.sizeOfFile(descriptor, path)
        if length == 0 { return }
        try PageWalk(directory, path, descriptor, length).run()
    }

    private init(_ directory: String, _ path: String, _ descriptor: Int32, _ length: Int) throws(StoreError) {
        self.path = path
        let first = try Self.meta(path, descriptor, number: 0, at: 0, length, directory)
        let size = first.pageSize ?? 4096
        let second = try Self.meta(path, descriptor, number: 1, at: size, length, directory)
        metas = [first, second]
        let last = max(first.transaction, second.transaction) == first.transaction ? first.lastPage : second.lastPage
        guard last >= 1, last < UInt64(length / size) else {
            let needed = last.addingReportingOverflow(1).partialValue.multipliedReportingOverflow(by: UInt64(size))
            throw .cutShort(directory, length: length, of: "\(needed.partialValue)")
        }
        file = try PageFile(descriptor, path: path, pageSize: size, pageCount: Int(last) + 1)
    }

    private static func meta(
        _ path: String, _ descriptor: Int32, number: UInt64, at offset: Int, _ length: Int, _ directory: String
    ) throws(StoreError) -> MetaPage {
        guard length >= offset + MetaPage.byteCount else { throw .cutShort(directory, length: length, of: "two pages") }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: MetaPage.byteCount, alignment: 16)
        defer { buffer.deallocate() }
        guard pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) == buffer.count else {
            throw .system(errno, doing: "reading", path: path)
        }
        switch MetaPage.read(UnsafeRawBufferPointer(buffer), number: number) {
        case .page(let page):
            guard let what = page.contradiction(number: number) else { return page }
            throw StoreError(.corrupt, "\(path) is damaged: meta page \(number) \(what). \(StoreError.restore)")
        case .foreign:
            throw StoreError(
                .corrupt,
                "opening the store in \(directory) failed: meta page \(number) of its data.mdb is not an LMDB file's; "
                    + "restore a backup, or choose another directory")
        case .otherVersion:
            throw StoreError(
                .unsupported,
                "opening the store in \(directory) failed: another version of LMDB wrote meta page \(number) of its "
                    + "data.mdb; use that version, or restore a backup")
        }
    }

    private func run() throws(StoreError) {
        let newest = metas[0].transaction >= metas[1].transaction ? 0 : 1
        let (new, old) = (metas[newest], metas[1 - newest])
        if new.isBlank && old.isBlank { return }
        guard new.transaction == old.transaction + 1, new.pageSize == old.pageSize else {
            throw StoreError(
                .corrupt,
                "\(path) is damaged: its meta pages are of the transactions \(metas[0].transaction) and "
                    + "\(metas[1].transaction), not of two in a row. \(StoreError.restore)")
        }
        var claimed = PageSet(below: file.pageCount)
        let main = try mainTree(of: new, claiming: &claimed)
        for tree in main.trees {
            try TreeWalk.walk(tree.record, "the keyspace \(tree.name)", of: file, claiming: &claimed)
        }
        try checkFreePages(of: new, claiming: &claimed)
        // The older state's pages may be free in the newer, and are as they were.
        var others = PageSet(below: file.pageCount)
        let older = old.isBlank ? nil : try mainTree(of: old, claiming: &others)
        try check(main, of: new, number: newest, isCopy: old.isBlank && new.transaction == 1)
        if let older { try check(older, of: old, number: 1 - newest, isCopy: false) }
    }

    /// What the unnamed tree of a state holds.
    private func mainTree(of meta: MetaPage, claiming claimed: inout PageSet) throws(StoreError) -> MainTree {
        var tree = MainTree()
        try TreeWalk.walk(meta.main, "the main tree", of: file, claiming: &claimed, kind: .trees) { node in
            tree.add(node)
        }
        if let what = tree.contradiction {
            throw StoreError(.corrupt, "\(path) is damaged: its main tree \(what). \(StoreError.restore)")
        }
        return tree
    }

    private func check(
        _ tree: MainTree, of meta: MetaPage, number: Int, isCopy: Bool
    ) throws(StoreError) {
        // Formats before the third note no transaction, and a compacted copy begins to count anew.
        guard let state = tree.state, !isCopy, state.transaction != meta.transaction else { return }
        throw StoreError(
            .corrupt,
            "\(path) is damaged: meta page \(number) has the transaction \(meta.transaction), but its tree is that of "
                + "\(state.transaction). \(StoreError.restore)")
    }

    private func checkFreePages(of meta: MetaPage, claiming claimed: inout PageSet) throws(StoreError) {
        var lists: [FreePages] = []
        try TreeWalk.walk(meta.free, "the free list", of: file, claiming: &claimed, kind: .freePages) { node in
            lists.append(FreePages(node, in: file))
        }
        for list in lists {
            let isDone = list.pages?.allSatisfy { number in
                number >= 2 && number < UInt64(file.pageCount) && claimed.insert(number)
            }
            guard isDone == true else {
                throw StoreError(
                    .corrupt,
                    "\(path) is damaged: the list of pages freed by transaction \(list.transaction) has some that are "
                        + "in use, or none of the file's. \(StoreError.restore)")
            }
        }
    }
}

extension StoreError {
    /// The error for a data file that ends before its data does.
    static func cutShort(_ directory: String, length: Int, of needed: String) -> StoreError {
        StoreError(
            .corrupt,
            "the store in \(directory) was cut short: data.mdb has \(length) bytes of \(needed); restore a backup")
    }
}
