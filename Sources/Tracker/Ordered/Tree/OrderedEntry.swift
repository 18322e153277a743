/// What an ordered tree holds: anything that carries its key.
public protocol OrderedEntry: Sendable {
    /// What it is ordered by.
    var key: ByteString { get }

    /// What nodes know of all entries below them; nothing unless the entry says otherwise.
    associatedtype Summary: OrderedSummary = NoSummary

    /// What the entry adds to the summaries of the nodes above it.
    var summary: Summary { get }

    /// Where an entry in memory has its key, so that it can be read without retaining it.
    static func key(of entry: UnsafePointer<Self>) -> UnsafePointer<ByteString>
}

/// What the nodes of a tree know of all entries below them: a search passes over subtrees in which it can find nothing.
public protocol OrderedSummary: Sendable, Equatable {
    /// The summary of no entries.
    static var empty: Self { get }

    /// Takes in the summary of other entries, in any order.
    mutating func formUnion(_ other: Self)
}

/// The summary of entries that are found by their keys alone. It takes no memory, and keeping it takes no time.
public struct NoSummary: OrderedSummary {
    /// The only value.
    public static var empty: NoSummary { NoSummary() }

    /// Changes nothing.
    public mutating func formUnion(_ other: NoSummary) {}
}

extension OrderedEntry where Summary == NoSummary {
    /// Nothing.
    public var summary: NoSummary { NoSummary() }
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
