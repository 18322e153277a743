/// What an ordered tree holds: anything that carries its key.
protocol OrderedEntry: Sendable {
    var key: ByteString { get }
}

extension ByteString: OrderedEntry {
    var key: ByteString { self }
}

/// One row of an ordered map. With `Void` values it is as small as the key alone.
struct OrderedMapEntry<Value: Sendable>: OrderedEntry {
    let key: ByteString
    var value: Value
}
