/// Commands where each one takes the value of the one before as its last argument, and the variables set to the result.
public struct Pipeline: Sendable, Equatable {
    /// Where it begins.
    public let position: Node.Position

    /// The variables, with their dollar signs, that take the value; two of them only in a `range`.
    public let variables: [String]

    /// Whether the variables exist already (`=`) or are new (`:=`).
    public let assigns: Bool

    /// The commands, at least one.
    public let commands: [Command]

    /// A value, or a function or method with its arguments.
    public struct Command: Sendable, Equatable {
        /// What is evaluated or called, then the arguments; never empty.
        public let operands: [Operand]

        /// Whether it may follow a `|`: a literal or dot cannot take the value of another command.
        var takesValue: Bool {
            switch operands[0].term {
            case .nil, .bool, .number, .string: false
            case .dot: !operands[0].fields.isEmpty
            case .variable, .function, .pipeline: true
            }
        }
    }

    /// A term and the fields or methods taken from it in turn: `.A.B` is dot with two fields.
    public struct Operand: Sendable, Equatable {
        /// Where Go says that it is: the second field if there is one after a field, the first one after another term,
        /// otherwise the term.
        public let position: Node.Position

        /// Where to start.
        public let term: Term

        /// The names of the fields, without their periods.
        public let fields: [String]
    }

    /// What an operand starts with.
    public enum Term: Sendable, Equatable {
        /// The current value, `.`.
        case dot

        /// The untyped `nil`.
        case `nil`

        /// `true` or `false`.
        case bool(Bool)

        /// A number or character literal.
        case number(Number)

        /// A string literal: its value and how it is spelled, with its quotes.
        case string(String, literal: String)

        /// A variable with its dollar sign; `$` alone is the value that the template was executed with.
        case variable(String)

        /// A known function.
        case function(String)

        /// A pipeline in parentheses.
        indirect case pipeline(Pipeline)
    }

    /// A number under all the types that can hold it exactly, as Go's untyped constants.
    public struct Number: Sendable, Equatable {
        /// How it is spelled.
        public let literal: String

        /// The value as a signed integer, if it is one.
        public internal(set) var int: Int64?

        /// The value as an unsigned integer, if it is one.
        public internal(set) var uint: UInt64?

        /// The value as a floating-point number, unless it has an imaginary part.
        public internal(set) var float: Double?

        /// The value as a complex number, if it is written as one.
        public internal(set) var complex: Complex?
    }

    /// A complex number.
    public struct Complex: Sendable, Equatable {
        /// The real part.
        public let real: Double

        /// The imaginary part.
        public let imaginary: Double
    }
}
