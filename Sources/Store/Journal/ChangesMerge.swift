import Basics

/// Lays changes over the pairs of a scan: pairs that were changed are shown as they are now, new ones in their place.
struct ChangesMerge {
    /// In the order of the scan.
    private let changes: [Memtable.Change]
    private let isDescending: Bool
    private var next = 0

    /// Prepares a scan.
    ///
    /// - Parameters:
    ///   - older: Changes of the range that is scanned, by ascending keys.
    ///   - newer: Others, which win where both change a key.
    init(_ older: [Memtable.Change], _ newer: [Memtable.Change], descending: Bool) {
        let merged = older.isEmpty ? newer : newer.isEmpty ? older : Self.merged(older, newer)
        changes = descending ? merged.reversed() : merged
        isDescending = descending
    }

    /// Visits the changes that come before a pair, and then the pair, unless it is changed.
    ///
    /// - Returns: whether to go on.
    mutating func visit(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) -> Bool {
        while next < changes.count {
            let change = changes[next]
            let order = change.key.withUnsafeBytes { $0.compareBytes(to: key) }
            if isDescending ? order < 0 : order > 0 { break }
            next += 1
            guard try Self.show(change, visit) else { return false }
            if order == 0 { return true }
        }
        return try visit(key, value)
    }

    /// Visits the changes after the last pair, until `visit` says to stop.
    mutating func visitRest(
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        for change in changes[next...] {
            guard try Self.show(change, visit) else { return }
        }
    }

    private static func show(
        _ change: Memtable.Change,
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) -> Bool {
        guard let value = change.value else { return true }
        return try change.key.withBytes { key throws(StoreError) in
            try value.withBytes { value throws(StoreError) in try visit(key, value) }
        }
    }

    private static func merged(_ older: [Memtable.Change], _ newer: [Memtable.Change]) -> [Memtable.Change] {
        var merged: [Memtable.Change] = []
        merged.reserveCapacity(older.count + newer.count)
        var index = 0
        for change in newer {
            while index < older.count, older[index].key.compareBytes(to: change.key) < 0 {
                merged.append(older[index])
                index += 1
            }
            if index < older.count, older[index].key == change.key { index += 1 }
            merged.append(change)
        }
        return merged + older[index...]
    }
}
