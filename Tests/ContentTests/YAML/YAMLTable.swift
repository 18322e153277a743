import Foundation
import JSON
import Testing
import Tracker

/// A text, and what dr-provision's own libraries make of it: `Tests/Corpus/yaml/table.json`, written by `oracle.go` beside it.
struct YAMLRow: CustomTestStringConvertible, Sendable {
    let about: String
    let yaml: String
    /// Whether the text is read into `object`, and not for its own sake.
    let isObject: Bool
    /// What it is; nil if it is refused.
    let json: JSONValue?

    var testDescription: String { "\(about): \(yaml.prefix(60).debugDescription)" }

    /// The shape that the oracle's `object` has.
    static let object = ObjectSchema(
        "object",
        [
            Field("Name", .string), Field("Meta", .map(.string)), Field("Params", .map(.any)),
            Field("Tasks", .list(.string)), Field("Ready", .boolean), Field("Count", .integer),
            Field("Inner", .record(inner)), Field("Items", .list(.record(inner))),
        ])

    private static let inner = ObjectSchema(
        "inner", [Field("Label", .string), Field("Any", .any), Field("Flags", .map(.string))])

    static let all: [YAMLRow] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Corpus/yaml/table.json")
        guard let bytes = try? Data(contentsOf: file), let table = try? JSONValue(parsing: Array(bytes)) else {
            return []
        }
        return (table.arrayValue ?? []).map { row in
            var json: JSONValue? = row["json"] ?? .null
            if row["error"] != nil { json = Optional.none }
            return YAMLRow(
                about: row["about"]?.stringValue ?? "", yaml: row["yaml"]?.stringValue ?? "",
                isObject: row["object"] == true, json: json)
        }
    }()
}
