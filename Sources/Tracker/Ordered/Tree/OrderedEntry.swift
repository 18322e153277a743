/// What an ordered tree holds: anything that carries its key.
public protocol OrderedEntry: Sendable {
    /// What it is ordered by.
    var key: ByteString { get }

    /// Where an entry in memory has its key, so that it can be read without retaining it.
    static func key(of entry: UnsafePointer<Self>) -> UnsafePointer<ByteString>
}

/// What an ordered map holds: a key with its value.
public protocol OrderedMapEntry: OrderedEntry {
    /// What the map is for.
    associatedtype Value: Sendable

    /// The value.
    var value: Value { get set }

    /// The entry of `key` and `value`.
    init(key: ByteString, value: Value)
}

extension ByteString: OrderedEntry {
    /// The string itself.
    public var key: ByteString { self }

    /// The string itself.
    public static func key(of entry: UnsafePointer<ByteString>) -> UnsafePointer<ByteString> { entry }
}

/// A key and a value that does not have it.
public struct KeyedValue<Value: Sendable>: OrderedMapEntry {
    /// The key.
    public let key: ByteString
    /// The value.
    public var value: Value

    /// The entry of `key` and `value`.
    public init(key: ByteString, value: Value) {
        self.key = key
        self.value = value
    }

    /// See `OrderedEntry`.
    public static func key(of entry: UnsafePointer<KeyedValue>) -> UnsafePointer<ByteString> {
        entry.pointer(to: \.key)!
    }
}
