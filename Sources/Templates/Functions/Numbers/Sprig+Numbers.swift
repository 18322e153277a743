import Basics
import Glibc
import JSON

extension FunctionTable {
    /// Sprig's functions for numbers.
    static let sprigNumbers: [Identifier: TemplateFunction] = [
        "int": .of(.any) { values, _ throws(TemplateFailure) in .integer(GoNumber.int64(values[0]), .int) },
        "int64": .of(.any) { values, _ throws(TemplateFailure) in .int64(GoNumber.int64(values[0])) },
        "float64": .of(.any) { values, _ throws(TemplateFailure) in .float(GoNumber.double(values[0])) },
        "atoi": .of(.string) { values, _ throws(TemplateFailure) in .int(Arithmetic.atoi(values[0].string)) },
        "toDecimal": .of(.any) { values, context throws(TemplateFailure) in
            .int64(GoNumber.integer(try context.text(of: values[0]), base: 8) ?? 0)
        },
        "add": .of(variadic: .any) { values, _ throws(TemplateFailure) in
            .int64(values.reduce(0) { $0 &+ GoNumber.int64($1) })
        },
        "add1": .of(.any) { values, _ throws(TemplateFailure) in .int64(GoNumber.int64(values[0]) &+ 1) },
        "sub": .of(.any, .any) { values, _ throws(TemplateFailure) in
            .int64(GoNumber.int64(values[0]) &- GoNumber.int64(values[1]))
        },
        "mul": .of(.any, variadic: .any) { values, _ throws(TemplateFailure) in
            .int64(values.reduce(1) { $0 &* GoNumber.int64($1) })
        },
        "div": .of(.any, .any) { values, _ throws(TemplateFailure) in
            .int64(try Arithmetic.divided(values).quotient)
        },
        "mod": .of(.any, .any) { values, _ throws(TemplateFailure) in
            .int64(try Arithmetic.divided(values).remainder)
        },
        "max": largest,
        "biggest": largest,
        "min": .of(.any, variadic: .any) { values, _ throws(TemplateFailure) in
            .int64(values.map { GoNumber.int64($0) }.min() ?? 0)
        },
        "maxf": .of(.any, variadic: .any) { values, _ throws(TemplateFailure) in
            .float(Arithmetic.extreme(of: values) { $0 > $1 })
        },
        "minf": .of(.any, variadic: .any) { values, _ throws(TemplateFailure) in
            .float(Arithmetic.extreme(of: values) { $0 < $1 })
        },
        "ceil": .of(.any) { values, _ throws(TemplateFailure) in .float(GoNumber.double(values[0]).rounded(.up)) },
        "floor": .of(.any) { values, _ throws(TemplateFailure) in .float(GoNumber.double(values[0]).rounded(.down)) },
        "round": .of(.any, .int, variadic: .float64) { values, _ throws(TemplateFailure) in
            .float(
                Arithmetic.rounded(GoNumber.double(values[0]), values[1].int, values.count > 2 ? values[2].double : 0.5)
            )
        },
        "until": .of(.int) { values, context throws(TemplateFailure) in
            let end = values[0].int
            return .list(TemplateList(try context.steps(0, end, end < 0 ? -1 : 1).map { .int($0) }, of: .int))
        },
        "untilStep": .of(.int, .int, .int) { values, context throws(TemplateFailure) in
            let steps = try context.steps(values[0].int, values[1].int, values[2].int)
            return .list(TemplateList(steps.map { .int($0) }, of: .int))
        },
        "seq": .of(variadic: .int) { values, context throws(TemplateFailure) in
            try context.joined(try context.sequence(values.map(\.int)).map { "\($0)" }, by: " ")
        },
    ]

    private static let largest = TemplateFunction.of(.any, variadic: .any) { values, _ throws(TemplateFailure) in
        .int64(values.map { GoNumber.int64($0) }.max() ?? 0)
    }
}

extension TemplateContext {
    /// The numbers from one up or down to another, which is not among them.
    fileprivate mutating func steps(_ start: Int, _ stop: Int, _ step: Int) throws(TemplateFailure) -> [Int] {
        guard start < stop ? step > 0 : step < 0 else { return [] }
        let (distance, isOver) = stop.subtractingReportingOverflow(start)
        try spend(isOver ? .max : Int(clamping: distance.magnitude / step.magnitude))
        return Array(stride(from: start, to: stop, by: step))
    }

    /// The numbers of `seq`: up to an end, from a start to an end, or with a step between them.
    fileprivate mutating func sequence(_ values: [Int]) throws(TemplateFailure) -> [Int] {
        guard let end = values.last, values.count <= 3 else { return [] }
        let start = values.count > 1 ? values[0] : 1
        let direction = end < start ? -1 : 1
        if values.count == 3, end < start, values[1] > 0 { return [] }
        return try steps(start, end &+ direction, values.count == 3 ? values[1] : direction)
    }
}

/// Arithmetic as Go and sprig do it.
private enum Arithmetic {
    static func divided(
        _ values: [TemplateValue]
    ) throws(TemplateFailure) -> (quotient: Int64, remainder: Int64) {
        let (dividend, divisor) = (GoNumber.int64(values[0]), GoNumber.int64(values[1]))
        guard divisor != 0 else { throw .zeroDivision }
        // The smallest integer has no counterpart.
        guard divisor != -1 else { return (0 &- dividend, 0) }
        return dividend.quotientAndRemainder(dividingBy: divisor)
    }

    /// A decimal number; one that is too large becomes the largest or smallest, anything else zero.
    static func atoi(_ text: String) -> Int {
        if let number = GoNumber.integer(text, base: 10) { return Int(number) }
        let digits =
            text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isASCIIDigit) else { return 0 }
        return text.utf8.first == UInt8(ascii: "-") ? .min : .max
    }

    static func extreme(of values: [TemplateValue], _ isBetter: (Double, Double) -> Bool) -> Double {
        let numbers = values.map { GoNumber.double($0) }
        if numbers.contains(where: \.isNaN) { return .nan }
        return numbers.dropFirst().reduce(numbers[0]) { isBetter($1, $0) ? $1 : $0 }
    }

    /// A number at that many decimal places; a fraction of the last place of at least `threshold` rounds up.
    static func rounded(_ number: Double, _ places: Int, _ threshold: Double) -> Double {
        let power = pow(10, Double(places))
        let digits = power * number
        let fraction = modf(digits).1
        return (fraction >= threshold ? digits.rounded(.up) : digits.rounded(.down)) / power
    }
}
