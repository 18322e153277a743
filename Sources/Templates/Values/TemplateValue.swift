import Basics

/// A value that templates work with.
///
/// Maps are shared, as in Go: what `set` does to one is seen wherever it is known. All else is copied. Text is UTF-8; where Go
/// would have bytes that are not, U+FFFD stands.
public enum TemplateValue {
    /// No value at all: what a missing key gives, and what a pipeline makes of `nil`. Shown as `<no value>`.
    case missing

    /// An interface that holds nothing: the `null` of JSON in an array or object.
    case `nil`

    /// A truth value.
    case bool(Bool)

    /// A signed integer.
    case integer(Int64, GoType.Integer)

    /// An unsigned integer.
    case unsigned(UInt64, GoType.Unsigned)

    /// A floating-point number.
    case float(Double)

    /// A complex number, which only templates write.
    case complex(Pipeline.Complex)

    /// Text.
    case string(String)

    /// A slice.
    case list(TemplateList)

    /// A map with strings as keys.
    case map(TemplateMap)

    /// Something of the embedding program with fields and methods.
    case object(any TemplateObject)

    /// An integer of Go's type `int`.
    public static func int(_ value: Int) -> TemplateValue { .integer(Int64(value), .int) }

    /// An integer of Go's type `int64`.
    public static func int64(_ value: Int64) -> TemplateValue { .integer(value, .int64) }

    /// A slice of strings.
    public static func strings(_ values: [String]) -> TemplateValue {
        .list(TemplateList(values.map { .string($0) }, of: .string))
    }

    /// The type of the value; nil for none.
    public var type: GoType? {
        switch self {
        case .missing, .nil: nil
        case .bool: .bool
        case .integer(_, let type): .integer(type)
        case .unsigned(_, let type): .unsigned(type)
        case .float: .float64
        case .complex: .complex128
        case .string: .string
        case .list(let list): .list(list.element)
        case .map(let map): .map(map.element)
        case .object(let object): .named(Identifier(object.typeName))
        }
    }

    /// Whether there is nothing: no value, or an interface that holds none.
    public var isNothing: Bool {
        switch self {
        case .missing, .nil: true
        default: false
        }
    }

    /// Whether it is nothing, or a slice or map that is `nil`.
    var isNil: Bool {
        switch self {
        case .missing, .nil: true
        case .list(let list): list.isNil
        case .map(let map): map.isNil
        default: false
        }
    }

    /// Whether Go's templates take it for true: not zero, and not empty.
    public var isTrue: Bool {
        switch self {
        case .missing, .nil: false
        case .bool(let value): value
        case .integer(let value, _): value != 0
        case .unsigned(let value, _): value != 0
        case .float(let value): value != 0
        case .complex(let value): value.real != 0 || value.imaginary != 0
        case .string(let value): !value.isEmpty
        case .list(let list): !list.elements.isEmpty
        case .map(let map): !map.isEmpty
        case .object: true
        }
    }

    /// The zero of a type, which a key that is missing from a map gives to `index`.
    static func zero(of type: GoType) -> TemplateValue {
        switch type {
        case .any: .nil
        case .value, .named: .missing
        case .bool: .bool(false)
        case .string: .string("")
        case .integer(let type): .integer(0, type)
        case .unsigned(let type): .unsigned(0, type)
        case .float64: .float(0)
        case .complex128: .complex(Pipeline.Complex(real: 0, imaginary: 0))
        case .list(let element): .list(TemplateList(nilOf: element))
        case .map(let element): .map(TemplateMap(nilOf: element))
        }
    }
}
