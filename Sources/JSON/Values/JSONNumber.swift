/// A JSON number.
///
/// Integers that fit 64 bits are exact, however they were written: `1`, `1.0` and `10e-1` are one number. Longer integers
/// keep all their digits. Everything else is the nearest `Double`, whose value is taken to be its shortest decimal form.
public struct JSONNumber: Sendable, Hashable {
    /// One form for each value, so that derived equality and hashing are by value.
    enum Storage: Sendable, Hashable {
        case integer(Int64)
        /// Finite, and neither `integer` nor `long` can hold it.
        case double(Double)
        /// A whole number beyond `Int64` and unlike any double's shortest decimal form: `-` if negative, then ASCII digits.
        case long([UInt8])
    }

    let storage: Storage

    init(storage: Storage) { self.storage = storage }

    /// A number from an integer.
    public init(_ value: Int) { storage = .integer(Int64(value)) }

    /// A number from a finite double; infinity and NaN, which JSON cannot write, are programmer errors.
    public init(_ value: Double) {
        guard let number = JSONNumber(finite: value) else { preconditionFailure("JSON has no number \(value)") }
        self = number
    }

    /// A number from a double, nil for infinity and NaN.
    public init?(finite value: Double) {
        guard value.isFinite else { return nil }
        storage = Int64(exactly: value).map(Storage.integer) ?? .double(value)
    }

    /// The value as `Int`, nil when it has a fraction or does not fit.
    public var intValue: Int? {
        guard case .integer(let value) = storage else { return nil }
        return Int(value)
    }

    /// The nearest double; infinite for integers of more than 308 digits.
    public var doubleValue: Double {
        switch storage {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .long(let digits): Double(String(decoding: digits, as: UTF8.self)) ?? .nan
        }
    }

    /// Whether the value has no fraction.
    public var isInteger: Bool {
        switch storage {
        case .integer, .long: true
        // Doubles this large have no bits left for a fraction.
        case .double(let value): value.magnitude >= 0x1p53
        }
    }
}
