import Basics
import JSON
public import Tracker

extension Conventions {
    /// What dr-provision's types have in common: fields (C §4.1), indexes (C §7.1), params (C §9), filters (C §7.2) and texts
    /// (C §3).
    public static let provisioning = Conventions(
        fields: CommonFields(
            validated: "Validated", available: "Available", errors: "Errors", readOnly: "ReadOnly", layer: "Bundle"),
        commonFields: Field.common,
        baseIndexes: [
            IndexDeclaration("Key", .string, isUnique: true, hasRegex: true, source: .key),
            IndexDeclaration("Available", .boolean, isUnordered: true),
            IndexDeclaration("Valid", .boolean, isUnordered: true, source: .field("Validated")),
            IndexDeclaration("ReadOnly", .boolean, isUnordered: true),
            IndexDeclaration("Bundle", .string, hasRegex: true),
        ],
        parameters: .provisioning,
        filters: .provisioning, wording: { $0.provisioningText })
}

extension ParameterConventions {
    /// Params, and what is set of them on other objects (C §9).
    public static let provisioning = ParameterConventions(
        field: "Params", filterPrefix: "params.", declaredBy: "params", secureFlag: "Secure")
}

extension FilterSyntax {
    /// Filters as dr-provision's clients spell them (C §7.2). `token` is a credential, `Token` an index.
    static let provisioning = FilterSyntax(
        operators: [
            "Eq": .equal, "Ne": .notEqual, "Lt": .less, "Lte": .lessOrEqual, "Gt": .greater, "Gte": .greaterOrEqual,
            "Between": .between, "Except": .except, "In": .among, "Nin": .notAmong, "Re": .matching,
        ],
        reserved: [
            "slim", "params", "decode", "filter", "raw", "group-by", "range-only", "aggregate", "expand", "commented",
            "reduced", "exclude-self", "force", "revision", "at", "token",
        ])
}

extension LayerConventions {
    /// dr-provision's stack of content (C §14.1).
    public static let provisioning = LayerConventions(
        writableName: "BackingStore", kinds: [.local, .dynamic, .default, .plugin, .basic],
        wording: { $0.provisioningText })
}

extension LayerKind {
    /// Content from the local file system.
    public static let local = LayerKind("local", height: 1, isOverwritable: true)
    /// Packs uploaded through the API.
    public static let dynamic = LayerKind("dynamic", height: 2, isStored: true)
    /// Content that is always present, but replaceable.
    public static let `default` = LayerKind("default", height: 3, isOverwritable: true)
    /// Packs that plug-in providers bring.
    public static let plugin = LayerKind("plugin", height: 4)
    /// What the server cannot do without.
    public static let basic = LayerKind("basic", height: 5, isOverwritable: true)
}

extension ObjectType {
    /// Declares a type of dr-provision's.
    convenience init(
        _ typeName: TypeName, _ schema: ObjectSchema, key: KeyRule, indexes: [IndexDeclaration] = [],
        lookups: [IndexDeclaration] = [], references: [Reference] = [], ownerField: String? = nil,
        mentions: Mentions? = nil,
        traits: Traits = [.writable, .listed], rules: any ObjectRules = NoRules(), effects: [any DraftEffects] = []
    ) {
        self.init(
            typeName, schema, key: key, indexes: indexes, lookups: lookups, references: references,
            ownerField: ownerField, mentions: mentions, traits: traits, conventions: .provisioning, rules: rules,
            effects: effects)
    }
}
