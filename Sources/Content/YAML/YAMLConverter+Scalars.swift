import JSON
import Tracker

/// Keys and scalars.
extension YAMLConverter {
    /// The text of a key; numbers and booleans become their text.
    mutating func name(_ key: YAMLNode, _ depth: Int) throws(YAMLError) -> String {
        var (node, isAlias) = (key, false)
        if case .alias(let target) = key.content { (node, isAlias) = (tree.nodes[target], true) }
        try count(node, depth, isAliased: isAlias)
        guard case .scalar = node.content else {
            throw YAMLError(line: key.line, reason: "invalid map key: a key is a map or a list")
        }
        switch try scalar(node) {
        case .text(let text): return text
        case .integer(let value): return String(value)
        case .bool(let flag): return flag ? "true" : "false"
        case .float(let value):
            return value.isNaN ? ".nan" : value.isInfinite ? (value < 0 ? "-.inf" : ".inf") : GoFloat.text(value)
        case .null: throw YAMLError(line: key.line, reason: "a key is null: quote it if it is meant to be text")
        case .unsigned(let value):
            throw YAMLError(line: key.line, reason: "the key \(value) is a number beyond 63 bits: quote it")
        }
    }

    func scalar(_ node: YAMLNode) throws(YAMLError) -> YAMLScalar {
        guard case .scalar(let text, let isPlain) = node.content else { return .null }
        do throws(YAMLScalar.Mismatch) {
            return try YAMLScalar(text, tag: node.tag, isPlain: isPlain)
        } catch {
            throw YAMLError(line: node.line, reason: error.reason)
        }
    }

    func json(_ scalar: YAMLScalar, as shape: FieldType, _ node: YAMLNode) throws(YAMLError) -> JSONValue {
        if case .string = shape, let text = scalar.numberText { return .string(text) }
        switch scalar {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let value): return .number(JSONNumber(Int(value)))
        case .unsigned(let value): return (try? JSONValue(parsing: Array(String(value).utf8))) ?? .null
        case .text(let text): return .string(text)
        case .float(let value):
            guard let number = JSONNumber(finite: value) else {
                throw YAMLError(line: node.line, reason: "\(value) is no number that JSON has")
            }
            return .number(number)
        }
    }
}

extension YAMLScalar {
    /// What a number or boolean is where text is wanted; nil for all else.
    fileprivate var numberText: String? {
        switch self {
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .float(let value): GoFloat.text(value)
        case .null, .text: nil
        }
    }
}
