/// The objects of a table in the order of their keys, which they have themselves.
public typealias ObjectMap = KeyedMap<ObjectEntry>

/// An object as the entry of a map.
public struct ObjectEntry: OrderedMapEntry {
    /// The object.
    public var value: StoredObject

    /// The object's key.
    public var key: ByteString { value.key }

    /// The entry of `value`; any other key than its own is a programmer error.
    public init(key: ByteString, value: StoredObject) {
        assert(key == value.key, "\(value.key) cannot be found under \(key)")
        self.value = value
    }

    /// The entry of an object.
    init(_ object: StoredObject) { value = object }

    /// See `OrderedEntry`.
    public static func key(of entry: UnsafePointer<ObjectEntry>) -> UnsafePointer<ByteString> {
        entry.pointer(to: \.value.key)!
    }
}
