import Basics
import Glibc

/// Collects canonical text in memory that grows, to be copied once into an array of just its size.
public struct JSONWriter: ~Copyable {
    private var start: UnsafeMutableRawPointer
    private var capacity: Int
    /// How many bytes there are.
    public private(set) var count = 0

    /// A writer with room for that many bytes at first.
    public init(capacity: Int = 1024) {
        self.capacity = max(64, capacity)
        start = .allocate(byteCount: self.capacity, alignment: 8)
    }

    deinit { start.deallocate() }

    /// What was written.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// Appends one byte.
    @inline(__always)
    public mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    /// Appends bytes.
    @inline(__always)
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        if capacity &- count < bytes.count { grow(by: bytes.count) }
        memcpy(start + count, source, bytes.count)
        count &+= bytes.count
    }

    /// Appends text that needs no escapes.
    @inline(__always)
    public mutating func append(plain text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// An array of what was written, and no larger.
    public borrowing func array() -> [UInt8] { Array(bytes) }

    @inline(never)
    private mutating func grow(by bytes: Int) {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: max(capacity * 2, count + bytes), alignment: 8)
        memcpy(larger, start, count)
        start.deallocate()
        start = larger
        capacity = max(capacity * 2, count + bytes)
    }
}

extension JSONWriter {
    /// Appends the canonical text of a value.
    public mutating func append(_ value: JSONValue) {
        switch value {
        case .null: append(plain: "null")
        case .bool(true): append(plain: "true")
        case .bool(false): append(plain: "false")
        case .number(let number): append(number)
        case .string(let text): append(quoted: text)
        case .array(let values): append(values)
        case .object(let object): append(object)
        }
    }

    private mutating func append(_ values: [JSONValue]) {
        append(UInt8(ascii: "["))
        for index in values.indices {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(values[index])
        }
        append(UInt8(ascii: "]"))
    }

    private mutating func append(_ object: JSONObject) {
        append(UInt8(ascii: "{"))
        let members = object.members
        for index in members.indices {
            if index > 0 { append(UInt8(ascii: ",")) }
            append(quoted: members[index].key)
            append(UInt8(ascii: ":"))
            append(members[index].value)
        }
        append(UInt8(ascii: "}"))
    }

    /// Appends a string in quotes, with the escapes of canonical text.
    public mutating func append(quoted text: String) {
        text.withUTF8Bytes { append(quoting: $0) }
    }

    private mutating func append(quoting bytes: UnsafeRawBufferPointer) {
        append(UInt8(ascii: "\""))
        var done = 0
        while case let stop = bytes.nextSpecial(from: done), stop < bytes.count {
            append(bytes.part(done..<stop))
            appendEscape(of: bytes[stop])
            done = stop + 1
        }
        append(bytes.part(done..<bytes.count))
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(of byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        default:
            append(plain: "u00")
            append(UInt8(ascii: "0") + byte >> 4)
            append(byte & 15 < 10 ? UInt8(ascii: "0") + byte & 15 : UInt8(ascii: "a") + byte & 15 - 10)
        }
    }

    /// Appends the canonical text of a number.
    mutating func append(_ number: JSONNumber) {
        switch number.storage {
        case .integer(let value): append(decimal: value)
        case .long(let digits): digits.withUnsafeBytes { append($0) }
        case .double(let value): JSONDecimal(value).goText.withUnsafeBytes { append($0) }
        }
    }

    /// Appends a whole number.
    public mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var place = count
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        // The digits were written from the lowest to the highest.
        var last = count - 1
        while place < last {
            let digit = start.load(fromByteOffset: place, as: UInt8.self)
            start.storeBytes(of: start.load(fromByteOffset: last, as: UInt8.self), toByteOffset: place, as: UInt8.self)
            start.storeBytes(of: digit, toByteOffset: last, as: UInt8.self)
            place += 1
            last -= 1
        }
    }
}
