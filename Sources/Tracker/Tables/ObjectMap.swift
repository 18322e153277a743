import CMemory
import JSON

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

    /// See `OrderedEntry`: the beginning of the document, whose rest the processor then fetches by itself.
    public static func prefetchContent(of entry: UnsafePointer<ObjectEntry>) {
        entry.pointee.value.document.bytes.withUnsafeBytes { text in
            for line in 0..<4 { prefetch(text.baseAddress! + 64 * line) }
        }
    }
}
