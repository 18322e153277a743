/// What an opening finds of the files, and does to them.
struct DirectoryOpening {
    /// What somebody changed.
    private(set) var found: [FoundChange]
    /// Files that are other files now, and say the same.
    let touched: [FoundChange]
    /// What is left alone, or was set aside.
    let remarks: [String]

    /// What is written again: values whose files were touched or set aside.
    private let batch: WriteBatch

    /// Finishes what a crash interrupted, and compares the files with the store.
    ///
    /// - Throws: `corrupt` naming each file that cannot be used, unless these are to be set aside.
    init(_ mirror: FileMirror, _ inner: any KeyValueStore, _ options: DirectoryOptions) throws(StoreError) {
        if !options.isReadOnly {
            try mirror.prepare()
            try mirror.recover(try RedoList(inner.value(.metadata, key: RedoList.key) ?? []))
        }
        let comparison = try FileComparison(mirror, inner)
        var remarks = comparison.remarks
        // Values that are written again, since their files were touched, or are not there any more.
        var keys = options.isReadOnly ? [] : comparison.touched.map(\.key)
        (found, touched) = (comparison.found, options.isReadOnly ? [] : comparison.touched)
        if comparison.looksLost {
            guard options.isRepairing, !options.isReadOnly else { throw Self.lost(mirror, comparison.expected) }
            keys += comparison.found.filter { $0.object == nil }.map(\.key)
            found = comparison.found.filter { $0.object != nil }
            remarks.append("all \(comparison.expected) files were gone and are written again")
        }
        if !comparison.broken.isEmpty {
            guard options.isRepairing, !options.isReadOnly else { throw Self.unusable(mirror, comparison.broken) }
            keys += comparison.broken.compactMap(\.key)
            for (path, reason, _) in comparison.broken {
                guard let target = try mirror.setAside(path) else { continue }
                remarks.append("\(path) is now \(target): \(reason)")
            }
        }
        self.remarks = remarks
        var batch = WriteBatch()
        for key in keys {
            guard let bytes = try inner.value(.data, key: key) else { continue }
            batch.put(.data, key: key, value: try MirroredValue(bytes).value)
        }
        self.batch = batch
    }

    /// Has `apply` write what has to be written again.
    func rewrite(_ apply: (WriteBatch) throws(StoreError) -> Void) throws(StoreError) {
        if !batch.isEmpty { try apply(batch) }
    }

    private static func lost(_ mirror: FileMirror, _ count: Int) -> StoreError {
        StoreError(
            .corrupt,
            "none of the \(count) files of \(mirror.root) is there: see that the right directory is mounted; "
                + "with --repair they are written again")
    }

    private static func unusable(
        _ mirror: FileMirror, _ broken: [(path: String, reason: String, key: [UInt8]?)]
    ) -> StoreError {
        let lines = broken.prefix(100).map { "  \($0.path): \($0.reason)" }
        let rest = broken.count > lines.count ? ["  and \(broken.count - lines.count) more"] : []
        return StoreError(
            .corrupt,
            (["files of the store in \(mirror.root) cannot be used:"] + lines + rest).joined(separator: "\n")
                + "\nMend them; with --repair they are moved to \(mirror.aside)")
    }
}
