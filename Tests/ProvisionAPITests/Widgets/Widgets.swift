import Basics
import JSON
import Tracker

/// The domain of widgets: parts that the server numbers, each of which may be part of another.
enum Widgets {
    /// The domain, for the catalog of a server.
    static let domain = Domain("widgets", typePrefix: "widgets_", types: [parts])

    /// The one object type. `sequence` has the server give the numbers, `parent` makes a tree.
    static let parts = ObjectType(
        "widgets_parts",
        ObjectSchema(
            "Part",
            [
                Field("id", .integer), Field("name", .string), Field("parent", .integer), Field("mass", .integer),
                Field("problems", .list(.string), isServerSet: true),
            ]),
        key: .sequence("id"),
        indexes: [
            IndexDeclaration("id", .integer, isUnique: true), IndexDeclaration("name", .string, isUnique: true),
            IndexDeclaration("parent", .integer), IndexDeclaration("mass", .integer),
        ],
        references: [.parent("parent", of: "widgets_parts")], conventions: conventions, rules: PartRules())

    /// What the types of the domain have in common: where the tracker notes problems, and how lists are asked for.
    private static let conventions = Conventions(
        fields: CommonFields(errors: "problems"),
        filters: FilterSyntax(
            operators: ["min": .greaterOrEqual, "max": .lessOrEqual],
            page: FilterSyntax.Page(limit: "count", offset: "skip", sort: "order", reverse: "descending")))
}

/// What is demanded of a part.
struct PartRules: ObjectRules {
    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        if object["name"]?.stringValue?.isEmpty ?? true { findings.addRefusal("name must not be empty") }
        if let mass = object["mass"]?.intValue, mass < 0 { findings.addRefusal("mass must not be negative: \(mass)") }
    }
}
