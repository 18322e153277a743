import Basics
import JSON

extension FunctionTable {
    /// Sprig's arithmetic with fractions, which it does in decimal.
    static let sprigDecimals: [Identifier: TemplateFunction] = [
        "add1f": .of(.any) { values, context throws(TemplateFailure) in
            try fold(GoNumber.double(values[0]), [.float(1)], &context) { $0 + $1 }
        },
        "addf": .of(variadic: .any) { values, context throws(TemplateFailure) in
            try fold(0, values[...], &context) { $0 + $1 }
        },
        "subf": .of(.any, variadic: .any) { values, context throws(TemplateFailure) in
            try fold(GoNumber.double(values[0]), values.dropFirst(), &context) { $0 - $1 }
        },
        "mulf": .of(.any, variadic: .any) { values, context throws(TemplateFailure) in
            try fold(GoNumber.double(values[0]), values.dropFirst(), &context) { $0 * $1 }
        },
        "divf": .of(.any, variadic: .any) { values, context throws(TemplateFailure) in
            try fold(GoNumber.double(values[0]), values.dropFirst(), &context) { $0 / $1 }
        },
    ]

    /// A number combined with others in turn.
    private static func fold(
        _ start: Double, _ others: ArraySlice<TemplateValue>, _ context: inout TemplateContext,
        _ operation: (Decimal, Decimal) -> Decimal?
    ) throws(TemplateFailure) -> TemplateValue {
        var result = try decimal(start)
        for other in others {
            // Exact products grow with every factor.
            try context.spend(result.work)
            guard let next = operation(result, try decimal(GoNumber.double(other))) else {
                throw TemplateFailure("decimal division by 0")
            }
            result = next
        }
        return .float(result.double)
    }

    private static func decimal(_ number: Double) throws(TemplateFailure) -> Decimal {
        guard let decimal = Decimal(number) else {
            throw TemplateFailure("Cannot create a Decimal from \(GoFloat.text(number, .general))")
        }
        return decimal
    }
}
