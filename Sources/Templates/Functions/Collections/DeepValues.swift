import Basics
import JSON

extension TemplateContext {
    /// Whether two values have the same type and the same content, all the way down.
    mutating func isSame(
        _ left: TemplateValue, _ right: TemplateValue, depth: Int = 0
    ) throws(TemplateFailure) -> Bool {
        try spend()
        try check(depth)
        guard left.type == right.type else { return false }
        switch (left, right) {
        case (.bool(let a), .bool(let b)): return a == b
        case (.integer(let a, _), .integer(let b, _)): return a == b
        case (.unsigned(let a, _), .unsigned(let b, _)): return a == b
        case (.float(let a), .float(let b)): return a == b
        case (.complex(let a), .complex(let b)): return a == b
        case (.string(let a), .string(let b)): return a.hasSameUTF8(as: b)
        case (.list(let a), .list(let b)):
            guard a.elements.count == b.elements.count else { return false }
            for (x, y) in zip(a.elements, b.elements) where try !isSame(x, y, depth: depth + 1) { return false }
            return true
        case (.map(let a), .map(let b)):
            guard a !== b else { return true }
            guard a.count == b.count else { return false }
            for (key, value) in a.sorted {
                guard let other = b[key], try isSame(value, other, depth: depth + 1) else { return false }
            }
            return true
        case (.object(let a), .object(let b)): return a.text == b.text
        default: return true
        }
    }

    /// A copy that shares no maps with the value.
    mutating func copy(_ value: TemplateValue, depth: Int) throws(TemplateFailure) -> TemplateValue {
        try spend()
        try check(depth)
        switch value {
        case .list(let list):
            var elements: [TemplateValue] = []
            for element in list.elements { elements.append(try copy(element, depth: depth + 1)) }
            return try self.list(elements, of: list.element)
        case .map(let source):
            var entries: [Identifier: TemplateValue] = [:]
            for (key, element) in source.sorted { entries[Identifier(key)] = try copy(element, depth: depth + 1) }
            return map(entries, of: source.element)
        default: return value
        }
    }

    /// Adds the entries of a map to another one, and those of maps in them. What is there already stays unless it is empty, or
    /// gives way with `overwrites`.
    mutating func merge(
        _ source: TemplateMap, into target: TemplateMap, overwrites: Bool, depth: Int
    ) throws(TemplateFailure) {
        try check(depth)
        for (key, value) in source.sorted {
            try spend()
            let old = target[key]
            switch value {
            case .missing, .nil:
                if overwrites { target[key] = .nil }
            case .map(let map):
                if case .map(let inner)? = old {
                    if inner !== map { try merge(map, into: inner, overwrites: overwrites, depth: depth + 1) }
                    if inner.isEmpty { target[key] = value }
                } else if old?.isEmpty ?? true {
                    target[key] = value
                }
            default:
                if overwrites || (old?.isEmpty ?? true) { target[key] = value }
            }
        }
    }

    /// Fails for values that lie too deep in others, or in themselves.
    func check(_ depth: Int) throws(TemplateFailure) {
        guard depth <= limits.depth else {
            throw TemplateFailure("exceeded maximum depth (\(limits.depth))", limit: .depth)
        }
    }
}
