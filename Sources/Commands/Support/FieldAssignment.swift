import Basics
import Client
import JSON

/// A `FIELD=VALUE` of a command line: `Name=web-1`, `Runnable=false`, `Meta.rack=4`, `Params.install/disk=/dev/sda`.
struct FieldAssignment {
    /// The path of member names.
    let path: [String]
    /// The value.
    let value: JSONValue

    /// The assignment that a text means for objects of a type.
    ///
    /// Text fields take the text as it is. Others take JSON; a list also takes words with commas, and what is no JSON
    /// counts as text.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the text and what is expected.
    init(_ text: String, of type: TypeDescription) throws(ClientError) {
        guard let equals = text.firstByteIndex(of: "="), equals != text.startIndex else {
            throw ClientError(
                .usage, "`\(text)` is no FIELD=VALUE. For example: Name=web-1, Meta.rack=4, Params.a/b='[1, 2]'")
        }
        let target = text[..<equals], value = String(text[text.utf8.index(after: equals)...])
        // Names of params may have dots, so only the first one parts.
        let dot = target.firstByteIndex(of: ".")
        let name = String(target[..<(dot ?? target.endIndex)])
        let field = try type.knownField(name)
        guard !field.isServerSet else {
            throw ClientError(.usage, "\(field.name) of \(type.name) is set by the server alone")
        }
        guard let dot else {
            path = [field.name]
            self.value = try Self.value(value, for: field, text)
            return
        }
        path = [field.name, String(target[target.utf8.index(after: dot)...])]
        self.value = field.name == "Meta" ? .string(value) : Self.parsed(value)
    }

    /// The operation of a patch that sets the value.
    var operation: JSONValue {
        let pointer = path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
        return ["op": "add", "path": .string(pointer), "value": value]
    }

    /// Sets the value in an object.
    func set(in object: inout JSONObject) {
        guard path.count > 1 else { return object[path[0]] = value }
        var member = object[path[0]]?.objectValue ?? [:]
        member[path[1]] = value
        object[path[0]] = .object(member)
    }

    private static func value(
        _ value: String, for field: TypeDescription.Field, _ text: String
    ) throws(ClientError) -> JSONValue {
        switch field.kind {
        case "string": return .string(value)
        case "list":
            if value.first == "[" { break }
            return .array(value.parts(between: ",").filter { !$0.isEmpty }.map { .string(String($0)) })
        case "boolean":
            guard value == "true" || value == "false" else {
                throw ClientError(.usage, "`\(text)`: \(field.name) is true or false")
            }
            return .bool(value == "true")
        case "number":
            guard let number = try? JSONValue(parsing: value), number.numberValue != nil else {
                throw ClientError(.usage, "`\(text)`: \(field.name) is a number")
            }
            return number
        default: break
        }
        guard let parsed = try? JSONValue(parsing: value) else {
            if field.kind == "any" { return .string(value) }
            throw ClientError(.usage, "`\(text)`: \(field.name) is a \(field.kind), so its value must be JSON")
        }
        return parsed
    }

    /// The name and the value of a `NAME=VALUE`, where names may have dots and values are JSON, or else text.
    ///
    /// - Throws: `ClientError` of kind `usage` that names the text.
    static func named(_ text: String) throws(ClientError) -> (name: String, value: JSONValue) {
        guard let equals = text.firstByteIndex(of: "="), equals != text.startIndex else {
            throw ClientError(.usage, "`\(text)` is no NAME=VALUE. For example: install/disk=/dev/sda")
        }
        return (String(text[..<equals]), parsed(String(text[text.utf8.index(after: equals)...])))
    }

    /// JSON where it is JSON, else the text.
    static func parsed(_ text: String) -> JSONValue { (try? JSONValue(parsing: text)) ?? .string(text) }
}
