import Basics

/// Values sorted by key, in chunks of a bounded size: a search is binary, and an insertion moves what follows in one chunk.
/// Keys that arrive in order, as commit records do, cost one comparison and fill the chunks.
struct SortedTable<Value> {
    /// A key and its value.
    struct Entry {
        let key: [UInt8]
        var value: Value
        /// The key's head, which mostly decides a comparison without a look at the key.
        fileprivate let head: UInt128

        fileprivate init(key: [UInt8], value: Value) {
            self.key = key
            self.value = value
            head = key.withUnsafeBytes { $0.longHead }
        }
    }

    /// The place of an entry, or the one after the last.
    private struct Place {
        var chunk: Int
        var index: Int
    }

    /// None of them is empty.
    private var chunks: [[Entry]] = []

    private let capacity = 128

    /// Whether there is no entry.
    var isEmpty: Bool { chunks.isEmpty }

    /// The value of a key; O(log n).
    subscript(key: [UInt8]) -> Value? {
        let place = place(notBefore: key)
        return holds(key, at: place) ? chunks[place.chunk][place.index].value : nil
    }

    /// Stores a value; O(log n).
    mutating func set(_ key: [UInt8], to value: Value) {
        let place = place(notBefore: key)
        if holds(key, at: place) {
            chunks[place.chunk][place.index].value = value
        } else {
            insert(Entry(key: key, value: value), at: place)
        }
    }

    /// Removes a key, if it is there; O(log n).
    mutating func remove(_ key: [UInt8]) {
        let place = place(notBefore: key)
        guard holds(key, at: place) else { return }
        chunks[place.chunk].remove(at: place.index)
        if chunks[place.chunk].isEmpty { chunks.remove(at: place.chunk) }
    }

    /// Visits the entries with `from` ≤ key < `upTo` until `visit` says to stop.
    func scan(
        from: [UInt8]? = nil, upTo: [UInt8]? = nil, descending: Bool = false,
        _ visit: (Entry) throws(StoreError) -> Bool
    ) throws(StoreError) {
        let start = from.map { place(notBefore: $0) } ?? Place(chunk: 0, index: 0)
        let end = upTo.map { place(notBefore: $0) } ?? Place(chunk: chunks.count, index: 0)
        for step in 0..<max(0, end.chunk - start.chunk + 1) {
            let chunk = descending ? end.chunk - step : start.chunk + step
            let low = chunk == start.chunk ? start.index : 0
            let high = chunk == end.chunk ? end.index : chunks[chunk].count
            for step in 0..<max(0, high - low) {
                guard try visit(chunks[chunk][descending ? high - 1 - step : low + step]) else { return }
            }
        }
    }

    /// The entries with `from` ≤ key < `upTo`, in order.
    func entries(from: [UInt8]? = nil, upTo: [UInt8]? = nil) -> [Entry] {
        let start = from.map { place(notBefore: $0) } ?? Place(chunk: 0, index: 0)
        let end = upTo.map { place(notBefore: $0) } ?? Place(chunk: chunks.count, index: 0)
        var entries: [Entry] = []
        for chunk in start.chunk..<max(start.chunk, min(end.chunk + 1, chunks.count)) {
            let low = chunk == start.chunk ? start.index : 0
            let high = chunk == end.chunk ? end.index : chunks[chunk].count
            if low < high { entries += chunks[chunk][low..<high] }
        }
        return entries
    }

    private mutating func insert(_ entry: Entry, at place: Place) {
        if place.chunk == chunks.count {
            // After everything: into the last chunk, if it has room.
            if let last = chunks.indices.last, chunks[last].count < capacity { return chunks[last].append(entry) }
            return chunks.append([entry])
        }
        chunks[place.chunk].insert(entry, at: place.index)
        guard chunks[place.chunk].count > capacity else { return }
        let upper = Array(chunks[place.chunk][(capacity / 2)...])
        chunks[place.chunk].removeLast(upper.count)
        chunks.insert(upper, at: place.chunk + 1)
    }

    private func holds(_ key: [UInt8], at place: Place) -> Bool {
        place.chunk < chunks.count && chunks[place.chunk][place.index].key == key
    }

    /// The first entry whose key is not less.
    private func place(notBefore key: [UInt8]) -> Place {
        key.withUnsafeBytes { key in
            let search = KeySearch(key)
            // Through pointers, so that looking at an entry does not count references to what it holds.
            return chunks.withUnsafeBufferPointer { chunks in
                let last = chunks.count - 1
                guard last >= 0, let first = chunks.baseAddress, !Self.endsBefore(first + last, search) else {
                    return Place(chunk: chunks.count, index: 0)
                }
                let chunk = Self.first(upTo: last) { Self.endsBefore(first + $0, search) }
                let index = first[chunk].withUnsafeBufferPointer { entries in
                    Self.first(upTo: entries.count - 1) { Self.isBefore(entries.baseAddress! + $0, search) }
                }
                return Place(chunk: chunk, index: index)
            }
        }
    }

    private static func endsBefore(_ chunk: UnsafePointer<[Entry]>, _ search: KeySearch) -> Bool {
        chunk.pointee.withUnsafeBufferPointer { isBefore($0.baseAddress! + ($0.count - 1), search) }
    }

    private static func isBefore(_ entry: UnsafePointer<Entry>, _ search: KeySearch) -> Bool {
        let head = entry.pointee.head
        if head != search.head { return head < search.head }
        return entry.pointee.key.withUnsafeBytes { $0.compareBytes(to: search.key) < 0 }
    }

    /// The first number that `isBefore` does not hold for; `last` if it holds for all below.
    private static func first(upTo last: Int, isBefore: (Int) -> Bool) -> Int {
        var (low, high) = (0, last)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A key that is looked for.
private struct KeySearch {
    let key: UnsafeRawBufferPointer
    let head: UInt128

    init(_ key: UnsafeRawBufferPointer) {
        self.key = key
        head = key.longHead
    }
}

extension SortedTable: Sendable where Value: Sendable {}
extension SortedTable.Entry: Sendable where Value: Sendable {}
