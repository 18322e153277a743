import Basics
import Glibc

/// An immutable byte string in one heap object: the key of every table and index.
///
/// It takes eight bytes by reference, copies in O(1) and is ordered bytewise, so that keys of any kind sort by
/// comparing memory. `IndexValue` encodes other kinds so that this order is theirs.
///
/// `@unchecked Sendable` is sound: the storage is written by the first initialiser only, before anything else refers to
/// it.
public struct ByteString: Hashable, Comparable, @unchecked Sendable {
    /// The length, in 32 bits to let the text of a UUID fit an allocation of 64 bytes, and then the bytes.
    private let storage: ManagedBuffer<UInt32, UInt8>

    /// The string of no bytes.
    public static let empty = ByteString(UnsafeRawBufferPointer(start: nil, count: 0))

    /// A copy of `bytes`.
    /// - Parameter bytes: At most 4 GiB; more is a programmer error.
    public init(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= Int(UInt32.max), "a byte string of \(bytes.count) bytes is longer than 4 GiB")
        // Zeros after short strings let `head` read eight bytes of any.
        let capacity = max(bytes.count, 8)
        storage = .create(minimumCapacity: capacity) { _ in UInt32(bytes.count) }
        storage.withUnsafeMutablePointerToElements {
            let target = UnsafeMutableRawBufferPointer(start: $0, count: capacity)
            target.copyMemory(from: bytes)
            target[bytes.count...].initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    /// A copy of `bytes`.
    /// - Parameter bytes: At most 4 GiB; more is a programmer error.
    public init(_ bytes: some Collection<UInt8>) {
        let contiguous = bytes.withContiguousStorageIfAvailable { ByteString(UnsafeRawBufferPointer($0)) }
        self = contiguous ?? Array(bytes).withUnsafeBytes { ByteString($0) }
    }

    /// The UTF-8 bytes of `string`.
    public init(_ string: String) {
        var string = string
        self = string.withUTF8 { ByteString(UnsafeRawBufferPointer($0)) }
    }

    /// The number of bytes.
    public var count: Int { Int(storage.header) }

    /// Whether there are no bytes.
    public var isEmpty: Bool { storage.header == 0 }

    /// The bytes as an array.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// The text that the bytes stand for: what an encoded key reads as (``KeyForm``), or else UTF-8 with invalid sequences
    /// replaced.
    public var string: String {
        withUnsafeBytes { EncodedKey.text($0) ?? String(decoding: $0, as: UTF8.self) }
    }

    /// Runs `body` on the bytes, which are valid only until it returns.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withUnsafeMutablePointers { (header, bytes) throws(Failure) in
            try body(UnsafeRawBufferPointer(start: bytes, count: Int(header.pointee)))
        }
    }

    /// Whether the first bytes are those of `typeName`; every string has the empty typeName.
    public func hasPrefix(_ typeName: ByteString) -> Bool {
        withUnsafeBytes { mine in
            typeName.withUnsafeBytes {
                $0.count <= mine.count && memcmp(mine.baseAddress!, $0.baseAddress!, $0.count) == 0
            }
        }
    }

    /// Whether the bytes are those of `bytes`.
    func holds(_ bytes: UnsafeRawBufferPointer) -> Bool { withUnsafeBytes { $0.hasSameBytes(as: bytes) } }

    /// Negative, zero or positive as this string sorts before, with or after `other`.
    func compare(_ other: ByteString) -> Int {
        defer { withExtendedLifetime(self) { withExtendedLifetime(other) {} } }
        return unretained.compare(other.unretained)
    }

    /// The bytes without a hold on them. Whoever uses this must keep the string alive otherwise.
    var unretained: Unretained {
        storage.withUnsafeMutablePointers { Unretained(start: UnsafeRawPointer($1), count: Int($0.pointee)) }
    }

    /// The first sixteen bytes as a number, zeros where there are fewer, which sorts as the string does up to ties.
    var longHead: UInt128 { withUnsafeBytes { $0.longHead } }

    /// Where its memory begins; nothing is read to know that.
    var address: UnsafeRawPointer { UnsafeRawPointer(Unmanaged.passUnretained(storage).toOpaque()) }

    /// Runs `body` on the string at `pointer` without retaining it. Whoever uses this must keep it alive otherwise.
    static func withUnretained<Result>(
        _ pointer: UnsafePointer<ByteString>, _ body: (ByteString) throws -> Result
    ) rethrows -> Result {
        try Unmanaged.passUnretained(pointer.pointee.storage)._withUnsafeGuaranteedRef {
            try body(ByteString(storage: $0))
        }
    }

    private init(storage: ManagedBuffer<UInt32, UInt8>) {
        self.storage = storage
    }

    /// A look at the bytes of a string that something else keeps alive.
    ///
    /// To retain each string that a search passes would cost twice the search.
    struct Unretained {
        let start: UnsafeRawPointer
        let count: Int

        /// The first eight bytes as a number, zeros where there are fewer, which sorts as the string does up to ties.
        var head: UInt64 { start.loadUnaligned(as: UInt64.self).bigEndian }

        /// Negative, zero or positive as these bytes sort before, with or after `other`.
        func compare(_ other: Unretained) -> Int {
            let (mine, theirs) = (head, other.head)
            if mine != theirs { return mine < theirs ? -1 : 1 }
            if start == other.start { return 0 }
            let order = memcmp(start, other.start, min(count, other.count))
            return order != 0 ? Int(order) : count - other.count
        }
    }

    /// Whether both hold the same bytes.
    public static func == (left: ByteString, right: ByteString) -> Bool {
        left.compare(right) == 0
    }

    /// Whether `left` sorts before `right`: bytewise, a prefix before what it begins.
    public static func < (left: ByteString, right: ByteString) -> Bool {
        left.compare(right) < 0
    }

    /// Feeds the bytes to `hasher`.
    public func hash(into hasher: inout Hasher) {
        withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension ByteString: ExpressibleByStringLiteral, CustomStringConvertible {
    /// The UTF-8 bytes of a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// The text that the bytes stand for, for messages.
    public var description: String { string }
}
