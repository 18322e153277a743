import Basics
import JSON

extension FunctionTable {
    /// Truth and comparison.
    static let comparisons: [Identifier: TemplateFunction] = [
        "and": .shortCircuit,
        "or": .shortCircuit,
        "not": .of(.value) { values, _ throws(TemplateFailure) in .bool(!values[0].isTrue) },
        "eq": .of(.value, variadic: .value) { values, context throws(TemplateFailure) in
            .bool(try Comparison.isEqual(values[0], toAnyOf: values.dropFirst(), &context))
        },
        "ne": .of(.value, .value) { values, context throws(TemplateFailure) in
            .bool(try !Comparison.isEqual(values[0], toAnyOf: values.dropFirst(), &context))
        },
        "lt": .of(.value, .value) { values, _ throws(TemplateFailure) in
            .bool(try Comparison.precedes(values[0], values[1]))
        },
        "le": .of(.value, .value) { values, context throws(TemplateFailure) in
            .bool(try Comparison.isAtMost(values[0], values[1], &context))
        },
        "gt": .of(.value, .value) { values, context throws(TemplateFailure) in
            .bool(try !Comparison.isAtMost(values[0], values[1], &context))
        },
        "ge": .of(.value, .value) { values, _ throws(TemplateFailure) in
            .bool(try !Comparison.precedes(values[0], values[1]))
        },
    ]
}

/// Comparisons as Go's templates make them: of values of one kind, and of integers whatever their sign.
enum Comparison {
    private static let badTypes = TemplateFailure("incompatible types for comparison")
    private static let badType = TemplateFailure("invalid type for comparison")

    /// Whether a value equals one of the others.
    static func isEqual(
        _ value: TemplateValue, toAnyOf others: ArraySlice<TemplateValue>, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> Bool {
        guard !others.isEmpty else { throw TemplateFailure("missing argument for comparison") }
        for other in others where try isEqual(value, other, &context) { return true }
        return false
    }

    private static func isEqual(
        _ left: TemplateValue, _ right: TemplateValue, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> Bool {
        switch (left, right) {
        case (.bool(let a), .bool(let b)): return a == b
        case (.integer(let a, _), .integer(let b, _)): return a == b
        case (.unsigned(let a, _), .unsigned(let b, _)): return a == b
        case (.integer(let a, _), .unsigned(let b, _)), (.unsigned(let b, _), .integer(let a, _)):
            return a >= 0 && a.magnitude == b
        case (.float(let a), .float(let b)): return a == b
        case (.complex(let a), .complex(let b)): return a == b
        case (.string(let a), .string(let b)): return a.hasSameUTF8(as: b)
        default: break
        }
        if left.isNothing || right.isNothing { return left.isNil && right.isNil }
        guard !left.isBasic, !right.isBasic else { throw badTypes }
        return try isEqual(composite: left, right, &context)
    }

    /// Compares values that are neither numbers, nor text, nor truth values; Go can tell little about them.
    private static func isEqual(
        composite left: TemplateValue, _ right: TemplateValue, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> Bool {
        let types = (left.type?.description ?? "", right.type?.description ?? "")
        if left.type?.kind != right.type?.kind {
            let texts = (try context.text(of: left, "s"), try context.text(of: right))
            throw TemplateFailure("non-comparable types \(texts.0): \(types.0), \(types.1): \(texts.1)")
        }
        if left.isNil || right.isNil { return left.isNil && right.isNil }
        guard case .object(let a) = left, case .object(let b) = right,
            b.text != nil || b.typeName.utf8.first == UInt8(ascii: "*")
        else {
            throw TemplateFailure("non-comparable type \(try context.text(of: right, "s")): \(types.1)")
        }
        return a.typeName.hasSameUTF8(as: b.typeName) && a.text == b.text
    }

    /// Whether a value is less than another.
    static func precedes(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateFailure) -> Bool {
        guard left.isBasic, right.isBasic else { throw badType }
        switch (left, right) {
        case (.bool, .bool), (.complex, .complex): throw badType
        case (.integer(let a, _), .integer(let b, _)): return a < b
        case (.unsigned(let a, _), .unsigned(let b, _)): return a < b
        case (.integer(let a, _), .unsigned(let b, _)): return a < 0 || a.magnitude < b
        case (.unsigned(let a, _), .integer(let b, _)): return b >= 0 && a < b.magnitude
        case (.float(let a), .float(let b)): return a < b
        case (.string(let a), .string(let b)): return a.precedesInUTF8(b)
        default: throw badTypes
        }
    }

    /// Whether a value is less than another or equal to it.
    static func isAtMost(
        _ left: TemplateValue, _ right: TemplateValue, _ context: inout TemplateContext
    ) throws(TemplateFailure) -> Bool {
        if try precedes(left, right) { return true }
        return try isEqual(left, right, &context)
    }
}

extension TemplateValue {
    /// Whether it is a number, text or a truth value.
    var isBasic: Bool {
        switch self {
        case .bool, .integer, .unsigned, .float, .complex, .string: true
        case .missing, .nil, .list, .map, .object: false
        }
    }
}

extension TemplateContext {
    /// The text of a value as `%v` or another verb gives it.
    package mutating func text(of value: TemplateValue, _ verb: Unicode.Scalar = "v") throws(TemplateFailure) -> String
    {
        if case .string(let text) = value { return text }
        return try printed { $0.print(value, verb) }
    }
}
