public import Basics

/// A type of Go as far as templates can tell: functions and methods declare their parameters with it, and errors and `%T`
/// spell it.
public indirect enum GoType: Sendable, Hashable {
    /// The empty interface, which holds a value of any type or nil.
    case any

    /// A parameter that takes a value as it is, even one that is not there; the built-in functions have it.
    case value

    /// A truth value.
    case bool

    /// Text.
    case string

    /// A signed integer.
    case integer(Integer)

    /// An unsigned integer.
    case unsigned(Unsigned)

    /// A floating-point number.
    case float64

    /// A complex number.
    case complex128

    /// A slice of elements of a type.
    case list(GoType)

    /// A map from strings to values of a type.
    case map(GoType)

    /// A type of the embedding program, such as `*models.Machine`.
    case named(Identifier)

    /// The signed integer types.
    public enum Integer: String, Sendable {
        /// Of the machine's size, 64 bits here.
        case int

        /// Of 8 bits.
        case int8

        /// Of 16 bits.
        case int16

        /// Of 32 bits, and Go's characters.
        case int32

        /// Of 64 bits.
        case int64
    }

    /// The unsigned integer types.
    public enum Unsigned: String, Sendable {
        /// Of the machine's size, 64 bits here.
        case uint

        /// A byte.
        case uint8

        /// Of 16 bits.
        case uint16

        /// Of 32 bits.
        case uint32

        /// Of 64 bits.
        case uint64
    }

    /// Go's `int`.
    public static let int = GoType.integer(.int)

    /// Go's `int64`.
    public static let int64 = GoType.integer(.int64)

    /// A slice of anything, which arrays of JSON become.
    public static let anyList = GoType.list(.any)

    /// A map of anything, which objects of JSON become.
    public static let anyMap = GoType.map(.any)

    /// A slice of strings.
    public static let stringList = GoType.list(.string)

    /// Whether a parameter of this type takes Go's `nil`.
    var takesNil: Bool {
        switch self {
        case .any, .value, .list, .map: true
        case .named(let name): name.text.hasBytePrefix("*")
        case .bool, .string, .integer, .unsigned, .float64, .complex128: false
        }
    }

    /// Whether what has this type as seen from outside is an interface, whose content has a type of its own.
    var isInterface: Bool { self == .any }
}

extension GoType: CustomStringConvertible {
    /// The type as Go spells it.
    public var description: String {
        switch self {
        case .any: "interface {}"
        case .value: "reflect.Value"
        case .bool: "bool"
        case .string: "string"
        case .integer(let type): type.rawValue
        case .unsigned(let type): type.rawValue
        case .float64: "float64"
        case .complex128: "complex128"
        case .list(let element): "[]\(element)"
        case .map(let element): "map[string]\(element)"
        case .named(let name): name.text
        }
    }

    /// The kind of the type as Go's `reflect` names it.
    public var kind: String {
        switch self {
        case .any: "interface"
        case .list: "slice"
        case .map: "map"
        case .value: "struct"
        case .named(let name): name.text.hasBytePrefix("*") ? "ptr" : "struct"
        case .bool, .string, .integer, .unsigned, .float64, .complex128: description
        }
    }
}
