import Basics
import JSON

@testable import Tracker

/// What the sample types have in common: a test's own data, as a domain would declare it.
extension Conventions {
    static let sample = Conventions(
        fields: CommonFields(
            validated: "Validated", available: "Available", errors: "Errors", readOnly: "ReadOnly", layer: "Bundle"),
        commonFields: [
            Field("Validated", .boolean, isServerSet: true), Field("Available", .boolean, isServerSet: true),
            Field("Errors", .list(.string), isServerSet: true), Field("ReadOnly", .boolean, isServerSet: true),
            Field("Meta", .map(.string)), Field("Endpoint", .string, isServerSet: true),
            Field("Bundle", .string, isServerSet: true),
        ],
        baseIndexes: [
            IndexDeclaration("Key", .string, isUnique: true, hasRegex: true, source: .key),
            IndexDeclaration("Available", .boolean, isUnordered: true),
            IndexDeclaration("Valid", .boolean, isUnordered: true, source: .field("Validated")),
            IndexDeclaration("ReadOnly", .boolean, isUnordered: true),
            IndexDeclaration("Bundle", .string, hasRegex: true),
        ],
        parameters: ParameterConventions(
            field: "Params", filterPrefix: "params.", declaredBy: "params", secureFlag: "Secure"),
        filters: FilterSyntax(
            operators: [
                "Eq": .equal, "Ne": .notEqual, "Lt": .less, "Lte": .lessOrEqual, "Gt": .greater,
                "Gte": .greaterOrEqual, "Between": .between, "Except": .except, "In": .among, "Nin": .notAmong,
                "Re": .matching,
            ],
            reserved: ["slim", "params", "revision", "at", "token"]))
}

/// The stack of layers of the sample types.
extension LayerConventions {
    static let sample = LayerConventions(
        writableName: "BackingStore", kinds: [.local, .dynamic, .default, .basic])
}

extension LayerKind {
    static let local = LayerKind("local", height: 1, isOverwritable: true)
    static let dynamic = LayerKind("dynamic", height: 2, isStored: true)
    static let `default` = LayerKind("default", height: 3, isOverwritable: true)
    static let basic = LayerKind("basic", height: 5, isOverwritable: true)
}

extension Field {
    /// What most sample types declare in common.
    static let common = Conventions.sample.commonFields
}

extension ObjectType {
    /// A type with the conventions of the samples.
    convenience init(
        _ typeName: TypeName, _ schema: ObjectSchema, key: KeyRule, indexes: [IndexDeclaration] = [],
        references: [Reference] = [], intervals: [IntervalDeclaration] = [],
        traits: Traits = [.writable, .listed], rules: any ObjectRules = NoRules()
    ) {
        self.init(
            typeName, schema, key: key, indexes: indexes, references: references, intervals: intervals,
            traits: traits, conventions: .sample, rules: rules)
    }
}
