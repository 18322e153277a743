import Basics
import JSON

extension FunctionTable {
    /// Lengths, elements and slices.
    static let collections: [Identifier: TemplateFunction] = [
        "len": .of(.value) { values, _ throws(TemplateFailure) in .int(try Collections.length(of: values[0])) },
        "index": .of(.value, variadic: .value, isInterface: true) { values, _ throws(TemplateFailure) in
            try Collections.element(of: values[0], at: values.dropFirst())
        },
        "slice": .of(.value, variadic: .value) { values, context throws(TemplateFailure) in
            try Collections.slice(of: values[0], Array(values.dropFirst()), context)
        },
        "call": .of(.value, variadic: .value) { values, _ throws(TemplateFailure) in
            guard let type = values[0].type else { throw TemplateFailure("call of nil") }
            throw TemplateFailure("non-function of type \(type)")
        },
    ]
}

/// What Go's templates find in slices, maps and text.
private enum Collections {
    static func length(of value: TemplateValue) throws(TemplateFailure) -> Int {
        switch value {
        case .string(let text): return text.utf8.count
        case .list(let list): return list.elements.count
        case .map(let map): return map.count
        case .nil: throw TemplateFailure("len of nil pointer")
        case .missing: throw TemplateFailure("reflect: call of reflect.Value.Type on zero Value")
        default: throw TemplateFailure("len of type \(typeName(value))")
        }
    }

    static func element(
        of value: TemplateValue, at indexes: ArraySlice<TemplateValue>
    ) throws(TemplateFailure) -> TemplateValue {
        guard !value.isNothing else { throw TemplateFailure("index of untyped nil") }
        var value = value
        for index in indexes {
            switch value {
            case .string(let text):
                let bytes = Array(text.utf8)
                value = .unsigned(UInt64(bytes[try position(index, bytes.count, within: "string")]), .uint8)
            case .list(let list):
                value = list.elements[try position(index, list.elements.count, within: "slice")]
            case .map(let map): value = map[try key(index)] ?? .zero(of: map.element)
            case .missing, .nil: throw TemplateFailure("index of nil pointer")
            default: throw TemplateFailure("can't index item of type \(typeName(value))")
            }
        }
        return value
    }

    private static func key(_ value: TemplateValue) throws(TemplateFailure) -> String {
        switch value {
        case .string(let key): return key
        case .missing, .nil: throw TemplateFailure("value is nil; should be of type string")
        default: throw TemplateFailure("value has type \(typeName(value)); should be string")
        }
    }

    /// An index as a number up to a count, or below it within a kind of value.
    private static func position(
        _ value: TemplateValue, _ count: Int, within kind: String? = nil
    ) throws(TemplateFailure) -> Int {
        let index: Int64
        switch value {
        case .integer(let number, _): index = number
        case .unsigned(let number, _): index = Int64(truncatingIfNeeded: number)
        case .missing, .nil: throw TemplateFailure("cannot index slice/array with nil")
        default: throw TemplateFailure("cannot index slice/array with type \(typeName(value))")
        }
        guard 0...Int64(count) ~= index else { throw TemplateFailure("index out of range: \(index)") }
        // Go lets the count itself pass here, and fails when it uses it.
        if let kind, index == count { throw TemplateFailure("reflect: \(kind) index out of range") }
        return Int(index)
    }

    static func slice(
        of value: TemplateValue, _ indexes: [TemplateValue], _ context: TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        guard !value.isNothing else { throw TemplateFailure("slice of untyped nil") }
        guard indexes.count <= 3 else { throw TemplateFailure("too many slice indexes: \(indexes.count)") }
        let count: Int
        switch value {
        case .string(let text):
            guard indexes.count < 3 else { throw TemplateFailure("cannot 3-index slice a string") }
            count = text.utf8.count
        case .list(let list): count = list.elements.count
        default: throw TemplateFailure("can't slice item of type \(typeName(value))")
        }
        var bounds = [0, count]
        for (place, index) in indexes.enumerated() {
            let position = try position(index, count)
            if place < 2 { bounds[place] = position } else { bounds.append(position) }
        }
        guard bounds[0] <= bounds[1] else { throw TemplateFailure("invalid slice index: \(bounds[0]) > \(bounds[1])") }
        if bounds.count > 2, bounds[1] > bounds[2] {
            throw TemplateFailure("invalid slice index: \(bounds[1]) > \(bounds[2])")
        }
        switch value {
        case .list(let list): return try context.list(Array(list.elements[bounds[0]..<bounds[1]]), of: list.element)
        case .string(let text):
            return .string(String(decoding: Array(text.utf8)[bounds[0]..<bounds[1]], as: UTF8.self))
        default: return value
        }
    }

    private static func typeName(_ value: TemplateValue) -> String {
        guard let name = value.type?.description else { return "interface {}" }
        return String(name.drop { $0 == "*" })
    }
}
