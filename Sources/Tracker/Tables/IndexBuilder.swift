import JSON

/// Builds one index over many rows at once. Rows come in ascending order of their keys, and most repeat values that came
/// before, so keys are collected in a bucket a value and the buckets sorted at the end.
struct IndexBuilder {
    private struct Bucket {
        let value: ByteString
        var keys: [ByteString]
    }

    private let declaration: IndexDeclaration
    private var buckets: [Bucket] = []
    private var positions: [ByteString: Int] = [:]
    /// The field's text in the row before, and the bucket it went to: the commonest case needs no look-up.
    private var lastText: [UInt8] = []
    private var lastBucket: Int?

    init(_ declaration: IndexDeclaration) { self.declaration = declaration }

    /// Lists `key` under the values that the field's `text` has.
    mutating func add(_ key: ByteString, _ text: UnsafeRawBufferPointer) {
        if let lastBucket, text.elementsEqual(lastText) {
            buckets[lastBucket].keys.append(key)
            return
        }
        var seen = 0
        var position = 0
        IndexReader.forEachValue(declaration, ofField: text) { value in
            position = bucket(of: value)
            seen += 1
            // A value that the row has twice lists it once: rows come one after the other.
            if buckets[position].keys.last != key { buckets[position].keys.append(key) }
        }
        lastBucket = seen == 1 ? position : nil
        if seen == 1 { lastText = Array(text) }
    }

    /// The index.
    consuming func build() -> OrderedMap<Postings> {
        buckets.sort { $0.value < $1.value }
        return OrderedMap(
            sorted: buckets.lazy.map { bucket in
                (bucket.value, bucket.keys.count == 1 ? Postings(bucket.keys[0]) : Postings(sorted: bucket.keys))
            })
    }

    private mutating func bucket(of value: ByteString) -> Int {
        if let position = positions[value] { return position }
        positions[value] = buckets.count
        buckets.append(Bucket(value: value, keys: []))
        return buckets.count - 1
    }
}
