import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for lists. Those that begin with `must` differ in name only here: Go's panics become errors too.
    static let sprigLists: [Identifier: TemplateFunction] = [
        "list": list,
        "tuple": list,
        "concat": .of(variadic: .any, isInterface: true) { values, context throws(TemplateFailure) in
            var elements: [TemplateValue] = []
            for value in values { elements += try context.elements(of: value) { "Cannot concat type \($0) as list" } }
            try context.spend(elements.count)
            return try context.list(elements)
        },
        "sortAlpha": .of(.any) { values, context throws(TemplateFailure) in
            guard case .list = values[0] else { return .strings([try context.strval(values[0])]) }
            return .strings(try context.strings(values[0]).sortedByBytes())
        },
        "has": has,
        "mustHas": has,
    ].merging(
        pairs([
            "append": push, "push": push, "prepend": prepend, "first": first, "last": last, "rest": rest,
            "initial": initial, "reverse": reverse, "compact": compact, "uniq": uniq, "without": without,
            "slice": slice, "chunk": chunk,
        ])
    ) { $1 }

    /// Functions under their names and under those that begin with `must`.
    static func pairs(_ functions: [Identifier: TemplateFunction]) -> [Identifier: TemplateFunction] {
        var all = functions
        for (name, function) in functions {
            let first = name.text.unicodeScalars.first.map { String(GoText.upper($0)) } ?? ""
            all[Identifier("must" + first + name.text.dropFirst())] = function
        }
        return all
    }

    private static let list = TemplateFunction.of(variadic: .any) { values, context throws(TemplateFailure) in
        try context.list(values)
    }

    private static let push = TemplateFunction.of(.any, .any) { values, context throws(TemplateFailure) in
        try context.list(try context.elements(of: values[0]) { "Cannot push on type \($0)" } + [values[1]])
    }

    private static let prepend = TemplateFunction.of(.any, .any) { values, context throws(TemplateFailure) in
        try context.list([values[1]] + (try context.elements(of: values[0]) { "Cannot prepend on type \($0)" }))
    }

    private static let first = element("first") { $0.first }

    private static let last = element("last") { $0.last }

    private static func element(
        _ name: String, _ choose: @escaping @Sendable ([TemplateValue]) -> TemplateValue?
    ) -> TemplateFunction {
        .of(.any, isInterface: true) { values, context throws(TemplateFailure) in
            choose(try context.elements(of: values[0]) { "Cannot find \(name) on type \($0)" }) ?? .nil
        }
    }

    private static let rest = part("find rest", isNilOfNone: true) { Array($0.dropFirst()) }

    private static let initial = part("find initial", isNilOfNone: true) { Array($0.dropLast()) }

    private static let reverse = part("find reverse") { $0.reversed() }

    private static let compact = part("compact") { $0.filter { !$0.isEmpty } }

    private static func part(
        _ action: String, isNilOfNone: Bool = false,
        _ choose: @escaping @Sendable ([TemplateValue]) -> [TemplateValue]
    ) -> TemplateFunction {
        .of(.any) { values, context throws(TemplateFailure) in
            let elements = try context.elements(of: values[0]) { "Cannot \(action) on type \($0)" }
            if elements.isEmpty, isNilOfNone { return .list(TemplateList(nilOf: .any)) }
            return try context.list(choose(elements))
        }
    }

    private static let uniq = TemplateFunction.of(.any) { values, context throws(TemplateFailure) in
        var kept: [TemplateValue] = []
        for element in try context.elements(of: values[0], orElse: { "Cannot find uniq on type \($0)" })
        where try !context.contains(kept, element) {
            kept.append(element)
        }
        return try context.list(kept)
    }

    private static let without = TemplateFunction.of(.any, variadic: .any) { values, context throws(TemplateFailure) in
        let omitted = Array(values.dropFirst())
        var kept: [TemplateValue] = []
        for element in try context.elements(of: values[0], orElse: { "Cannot find without on type \($0)" })
        where try !context.contains(omitted, element) {
            kept.append(element)
        }
        return try context.list(kept)
    }

    private static let has = TemplateFunction.of(.any, .any) { values, context throws(TemplateFailure) in
        guard !values[1].isNothing else { return .bool(false) }
        let elements = try context.elements(of: values[1]) { "Cannot find has on type \($0)" }
        return .bool(try context.contains(elements, values[0]))
    }

    private static let slice = TemplateFunction.of(.any, variadic: .any, isInterface: true) {
        values, context throws(TemplateFailure) in
        let elements = try context.elements(of: values[0]) { "list should be type of slice or array but \($0)" }
        guard !elements.isEmpty else { return .nil }
        let start = values.count > 1 ? GoNumber.int64(values[1]) : 0
        let end = values.count > 2 ? GoNumber.int64(values[2]) : Int64(elements.count)
        guard 0 <= start, start <= end, end <= Int64(elements.count), case .list(let list) = values[0] else {
            throw TemplateFailure("reflect.Value.Slice: slice index out of bounds")
        }
        return try context.list(Array(elements[Int(start)..<Int(end)]), of: list.element)
    }

    private static let chunk = TemplateFunction.of(.int, .any) { values, context throws(TemplateFailure) in
        let size = values[0].int
        let elements = try context.elements(of: values[1]) { "Cannot chunk type \($0)" }
        guard size > 0 else { throw TemplateFailure("runtime error: makeslice: len out of range") }
        let starts = stride(from: 0, to: elements.count, by: size)
        var chunks: [TemplateValue] = []
        for start in starts {
            chunks.append(try context.list(Array(elements[start..<min(start + size, elements.count)])))
        }
        return try context.list(chunks, of: .anyList)
    }
}

extension TemplateContext {
    /// The elements of a list; of any other value, a failure that names its kind.
    mutating func elements(
        of value: TemplateValue, orElse message: (String) -> String
    ) throws(TemplateFailure) -> [TemplateValue] {
        switch value {
        case .list(let list):
            try spend(list.elements.count)
            return list.elements
        case .missing, .nil: throw .nilDereference
        default: throw TemplateFailure(message(value.kind))
        }
    }

    /// Whether one of some values is the same as another.
    mutating func contains(_ values: [TemplateValue], _ value: TemplateValue) throws(TemplateFailure) -> Bool {
        for other in values where try isSame(value, other) { return true }
        return false
    }
}
