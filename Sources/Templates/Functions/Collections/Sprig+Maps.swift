import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for maps.
    static let sprigMaps: [Identifier: TemplateFunction] = [
        "dict": .of(variadic: .any) { values, context throws(TemplateFailure) in
            var entries: [Identifier: TemplateValue] = [:]
            for index in stride(from: 0, to: values.count, by: 2) {
                let key = Identifier(try context.strval(values[index]))
                entries[key] = index + 1 < values.count ? values[index + 1] : .string("")
            }
            return context.map(entries)
        },
        "get": .of(.anyMap, .string, isInterface: true) { values, _ throws(TemplateFailure) in
            values[0].entries[values[1].string] ?? .string("")
        },
        "set": .of(.anyMap, .string, .any) { values, context throws(TemplateFailure) in
            try context.spend(values[0].entries.count >> 4)
            guard !values[0].isNil else { throw TemplateFailure("assignment to entry in nil map") }
            values[0].entries[values[1].string] = values[2]
            return values[0]
        },
        "unset": .of(.anyMap, .string) { values, context throws(TemplateFailure) in
            try context.spend(values[0].entries.count >> 4)
            values[0].entries[values[1].string] = nil
            return values[0]
        },
        "hasKey": .of(.anyMap, .string) { values, _ throws(TemplateFailure) in
            .bool(values[0].entries[values[1].string] != nil)
        },
        "pluck": .of(.string, variadic: .anyMap) { values, context throws(TemplateFailure) in
            try context.list(values.dropFirst().compactMap { $0.entries[values[0].string] })
        },
        "keys": .of(variadic: .anyMap) { values, _ throws(TemplateFailure) in
            .strings(values.flatMap(\.entries.keys))
        },
        "values": .of(.anyMap) { values, context throws(TemplateFailure) in
            try context.list(values[0].entries.sorted.map(\.value))
        },
        "pick": .of(.anyMap, variadic: .string) { values, context throws(TemplateFailure) in
            var entries: [Identifier: TemplateValue] = [:]
            for key in values.dropFirst().map(\.string) { entries[Identifier(key)] = values[0].entries[key] }
            return context.map(entries)
        },
        "omit": .of(.anyMap, variadic: .string) { values, context throws(TemplateFailure) in
            var entries: [Identifier: TemplateValue] = [:]
            for (key, value) in values[0].entries.sorted { entries[Identifier(key)] = value }
            for key in values.dropFirst().map(\.string) { entries[Identifier(key)] = nil }
            return context.map(entries)
        },
        "dig": .of(variadic: .any, isInterface: true) { values, _ throws(TemplateFailure) in
            guard values.count >= 3 else { throw TemplateFailure("dig needs at least three arguments") }
            return try dig(values)
        },
        "merge": merge(overwrites: false),
        "mustMerge": merge(overwrites: false),
        "mergeOverwrite": merge(overwrites: true),
        "mustMergeOverwrite": merge(overwrites: true),
        "deepCopy": copy,
        "mustDeepCopy": copy,
    ]

    private static let copy = TemplateFunction.of(.any, isInterface: true) { values, context throws(TemplateFailure) in
        guard !values[0].isNothing else {
            throw TemplateFailure("reflect: call of reflect.Value.Type on zero Value")
        }
        return try context.copy(values[0], depth: 0)
    }

    private static func merge(overwrites: Bool) -> TemplateFunction {
        .of(.anyMap, variadic: .anyMap, isInterface: true) { values, context throws(TemplateFailure) in
            for source in values.dropFirst() {
                try context.merge(source.entries, into: values[0].entries, overwrites: overwrites, depth: 0)
            }
            return values[0]
        }
    }

    /// The value at a path of keys, which come first; then a default for keys that are missing, then the map.
    private static func dig(_ values: [TemplateValue]) throws(TemplateFailure) -> TemplateValue {
        var value = values[values.count - 1]
        var keys: [String] = []
        guard case .map = value else { throw conversion(of: value, to: "map[string]interface {}") }
        for key in values.dropLast(2) {
            guard case .string(let text) = key else { throw conversion(of: key, to: "string") }
            keys.append(text)
        }
        for key in keys {
            guard case .map(let map) = value else { throw conversion(of: value, to: "map[string]interface {}") }
            guard let next = map[key] else { return values[values.count - 2] }
            value = next
        }
        return value
    }

    private static func conversion(of value: TemplateValue, to type: String) -> TemplateFailure {
        let name = value.type?.description ?? "nil"
        return TemplateFailure("interface conversion: interface {} is \(name), not \(type)")
    }
}
