import Glibc

/// Pairs sorted by key in one array: a search is binary, an insertion moves what follows, which is cheap up to
/// some hundred thousand pairs and free for keys that arrive in order, as commit records do.
struct SortedTable {
    private struct Pair {
        let key: [UInt8]
        var value: [UInt8]
    }

    private var pairs: [Pair] = []

    subscript(key: [UInt8]) -> [UInt8]? {
        get {
            let index = firstIndex(notBefore: key)
            return holds(key, at: index) ? pairs[index].value : nil
        }
        set {
            let index = firstIndex(notBefore: key)
            switch (holds(key, at: index), newValue) {
            case (true, let value?): pairs[index].value = value
            case (true, nil): pairs.remove(at: index)
            case (false, let value?): pairs.insert(Pair(key: key, value: value), at: index)
            case (false, nil): break
            }
        }
    }

    /// Visits the pairs with `from` ≤ key < `upTo` until `visit` says to stop.
    func scan(
        from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        let start = from.map(firstIndex(notBefore:)) ?? 0
        let end = upTo.map(firstIndex(notBefore:)) ?? pairs.count
        guard start < end else { return }
        for step in 0..<end - start {
            let pair = pairs[descending ? end - 1 - step : start + step]
            guard
                try pair.key.withBytes({ key throws(StoreError) in
                    try pair.value.withBytes { value throws(StoreError) in try visit(key, value) }
                })
            else { return }
        }
    }

    private func holds(_ key: [UInt8], at index: Int) -> Bool {
        index < pairs.count && pairs[index].key == key
    }

    private func firstIndex(notBefore key: [UInt8]) -> Int {
        if let last = pairs.last, compareBytes(last.key, key) < 0 { return pairs.count }
        var (low, high) = (0, pairs.count)
        while low < high {
            let middle = (low + high) / 2
            if compareBytes(pairs[middle].key, key) < 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
