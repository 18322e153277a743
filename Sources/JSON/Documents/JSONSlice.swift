import Basics

/// One value inside a document, seen through its canonical bytes. Taking a slice costs a reference count, reading it
/// decodes no more than is asked for.
public struct JSONSlice: Sendable {
    /// The canonical text of the value.
    public let rawBytes: ArraySlice<UInt8>

    /// A view of bytes that are trusted to be one canonical JSON text.
    public init(canonical bytes: ArraySlice<UInt8>) { rawBytes = bytes }

    /// What sort of value this is.
    public var kind: JSONKind {
        switch rawBytes.first {
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// Whether this is `null`.
    public var isNull: Bool { kind == .null }

    /// The value of a boolean, nil for anything else.
    public var bool: Bool? { kind == .bool ? rawBytes.first == UInt8(ascii: "t") : nil }

    /// The text of a string, nil for anything else.
    public var string: String? {
        guard kind == .string else { return nil }
        return withUnsafeBytes { text in
            var parser = JSONParser(text, limits: .trusted)
            return try? parser.parseString()
        }
    }

    /// A number, nil for anything else.
    public var number: JSONNumber? {
        guard kind == .number else { return nil }
        return withUnsafeBytes { text in JSONNumberScan(text, at: 0)?.number(in: text, from: 0) }
    }

    /// The value of an integral number that fits `Int`, nil for anything else.
    public var int: Int? { number?.intValue }

    /// The nearest `Double` of a number, nil for anything else.
    public var double: Double? { number?.doubleValue }

    /// Decodes the value with all that is in it.
    public func value() -> JSONValue {
        withUnsafeBytes { text in
            do {
                return try JSONValue(parsing: text, limits: .trusted)
            } catch {
                preconditionFailure("a slice of a JSON document is not canonical JSON: \(error)")
            }
        }
    }

    /// Whether this is the same value; decodes nothing.
    public func equals(_ value: JSONValue) -> Bool {
        switch value {
        case .null: return isNull
        case .bool(let other): return bool == other
        case .string(let other) where !rawBytes.contains(UInt8(ascii: "\\")):
            return kind == .string
                && other.withUTF8Bytes { other in
                    withUnsafeBytes { $0.part(1..<$0.count - 1).compareBytes(to: other) == 0 }
                }
        default: return rawBytes == value.canonicalBytes()[...]
        }
    }

    /// Lends the canonical text, for the calls of `JSONScan`.
    @inline(__always)
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        rawBytes.span.bytes.withUnsafeBytes(body)
    }

    /// The slice of a range of offsets within this one.
    func part(_ range: Range<Int>) -> JSONSlice {
        let start = rawBytes.startIndex
        return JSONSlice(canonical: rawBytes[start + range.lowerBound..<start + range.upperBound])
    }
}

extension JSONSlice: Hashable {
    /// Canonical values are equal when their bytes are.
    public static func == (left: JSONSlice, right: JSONSlice) -> Bool {
        left.withUnsafeBytes { left in right.withUnsafeBytes { left.compareBytes(to: $0) == 0 } }
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) { withUnsafeBytes { hasher.combine(bytes: $0) } }
}

extension JSONSlice: CustomStringConvertible {
    /// The canonical text.
    public var description: String { String(decoding: rawBytes, as: UTF8.self) }
}
