import Basics
import JSON

/// What a member of a body must be (JSON Schema, draft 4), and the text of F §1 for what is not.
enum PropertyType: Sendable {
    case string
    case integer
    case optionalInteger
    case boolean
    /// A flag; the text of one will do, as the client in use sends it (F §9).
    case lenientFlag
    /// Texts; one alone will do, as the client in use sends it (F §9).
    case strings
    case objects
    /// Any JSON.
    case any
    /// Variables: an object without an empty key.
    case variables

    /// What is wrong with a value.
    func problems(_ value: JSONValue) -> [String] {
        switch (self, value) {
        case (.any, _), (.string, .string), (.boolean, .bool), (.lenientFlag, .bool), (.strings, .string): []
        case (.integer, .number(let number)), (.optionalInteger, .number(let number)):
            number.isInteger ? [] : [Self.wrong(value, "'integer'")]
        case (.optionalInteger, .null): []
        case (.lenientFlag, .string(let text)): Self.flag(text) == nil ? [Self.wrong(value, "'boolean'")] : []
        case (.strings, .array(let elements)): elements.flatMap { PropertyType.string.problems($0) }
        case (.objects, .array(let elements)):
            elements.filter { $0.objectValue == nil }.map { Self.wrong($0, "'object'") }
        case (.variables, .object(let members)): Self.keyProblems(members)
        default: [Self.wrong(value, name)]
        }
    }

    /// The value that is meant by one that will do.
    func meant(_ value: JSONValue) -> JSONValue {
        switch (self, value) {
        case (.lenientFlag, .string(let text)): Self.flag(text).map { .bool($0) } ?? value
        case (.strings, .string): [value]
        default: value
        }
    }

    /// What is wrong with the names of variables.
    static func keyProblems(_ members: JSONObject) -> [String] {
        members[""] == nil ? [] : ["'' does not match any of the regexes: '^.+'"]
    }

    /// The text for a value of another type.
    static func wrong(_ value: JSONValue, _ type: String) -> String {
        "\(PythonText.repr(value)) is not of type \(type)"
    }

    private var name: String {
        switch self {
        case .string: "'string'"
        case .integer: "'integer'"
        case .optionalInteger: "'integer', 'null'"
        case .boolean, .lenientFlag: "'boolean'"
        case .strings, .objects: "'array'"
        case .variables, .any: "'object'"
        }
    }

    private static func flag(_ text: String) -> Bool? {
        switch text.asciiLowercased {
        case "true": true
        case "false": false
        default: nil
        }
    }
}

/// The text of a refusal for what is wrong with a query or a body (F §1).
enum ValidationText {
    /// The refusal for these problems.
    static func refusal(_ problems: [String]) -> FleetRefusal {
        let lines = problems.sortedByBytes().map { "- \($0)" }
        return FleetRefusal(400, (["The request included the following errors:"] + lines).joined(separator: "\n"))
    }

    /// The text for members that are not known; nil for none.
    static func extra(_ names: [String]) -> String? {
        guard !names.isEmpty else { return nil }
        let verb = names.count == 1 ? "was" : "were"
        let shown = names.prefix(mostShown).map { PythonText.repr($0) }.joined(separator: ", ")
        return "Additional properties are not allowed (\(shown) \(verb) unexpected)"
    }

    private static let mostShown = 100
}
