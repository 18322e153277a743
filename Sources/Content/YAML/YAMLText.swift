import Basics
public import JSON
import Yams

/// YAML made of JSON.
public enum YAMLText {
    /// The value as a YAML document, members in their order.
    public static func text(of value: JSONValue) -> String {
        // Nodes that are made of JSON can always be written.
        (try? serialize(node: node(of: value))) ?? value.canonicalText + "\n"
    }

    private static func node(of value: JSONValue) -> Node {
        switch value {
        case .null: Node("null", Tag(.null))
        case .bool(let flag): Node(flag ? "true" : "false", Tag(.bool))
        case .number(let number): Node(JSONValue.number(number).canonicalText, Tag(.float))
        case .string(let value) where value.contains("\n"): Node(value, Tag(.str), .literal)
        case .string(let value): text(value)
        case .array(let values): .sequence(.init(values.map(node)))
        case .object(let object): .mapping(.init(object.members.map { (text($0.key), node(of: $0.value)) }))
        }
    }

    /// A scalar that is read as this text.
    private static func text(_ text: String) -> Node {
        Node(text, Tag(.str), needsQuotes(text) || text.contains("\n") ? .doubleQuoted : .any)
    }

    /// Whether a plain scalar of this text would be read as something else than text.
    private static func needsQuotes(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        if ["null", "true", "false", "yes", "no", "on", "off", "~", "y", "n"].contains(text.asciiLowercased) {
            return true
        }
        if first == 32 || last == 32 || "-?:,[]{}#&*!|>'\"%@`.+=0123456789<".utf8.contains(first) { return true }
        return text.contains(": ") || text.contains(" #") || last == UInt8(ascii: ":")
    }
}
