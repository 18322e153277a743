import Basics
public import JSON

/// The declaration of an object type: everything the tracker needs to know of it, as data.
public final class ObjectType: Sendable {
    /// Its name in URLs, events and packs.
    public let typeName: TypeName
    /// Its fields.
    public let schema: ObjectSchema
    /// How objects are addressed.
    public let key: KeyRule
    /// The indexes that `GET /indexes` lists, without the base ones every type has.
    public let indexes: [IndexDeclaration]
    /// The indexes that all types of the domain have; that of the keys sorts and compares them as their form says.
    public let baseIndexes: [IndexDeclaration]
    /// Indexes that the server looks objects up by, and that no list of indexes has.
    public let lookups: [IndexDeclaration]
    /// The fields that name objects of other types.
    public let references: [Reference]
    /// The times for which its objects hold something.
    public let intervals: [IntervalDeclaration]
    /// What objects name beside that, as far as clients must be able to get it to name it.
    public let mentions: Mentions?
    /// What the type demands of its objects.
    public let rules: any ObjectRules
    /// What else comes of changes to its objects.
    public let effects: [any DraftEffects]
    /// What clients may do with the type.
    public let traits: Traits

    /// Kept index declarations: the listed ones and those the references need, without the key's own.
    let keptIndexes: [IndexDeclaration]
    /// The reference to the parent in a tree, if there is one.
    let parent: Reference?
    /// How the kept indexes are read from documents.
    let indexPlan: IndexPlan
    /// Fields never served.
    let hiddenFields: [String]
    /// Fields that events leave empty.
    let secretFields: [(String, JSONValue)]
    /// Fields that clients cannot set.
    let serverSetFields: [String]
    /// The unique indexes beside the key.
    let uniqueIndexes: [UniqueIndex]
    /// The field with the key of what an object belongs to, by which rights to it are given; nil if they are given by its own.
    public let ownerField: String?
    /// What its domain's types have in common.
    public let conventions: Conventions
    /// The fields that the tracker fills in, as far as objects have them.
    public let common: CommonFields
    /// Where values stand that objects hand on to others; nil if they have none.
    public let parameters: ParameterConventions?

    /// The objects that an object names outside its references.
    public typealias Mentions = @Sendable (JSONObject) -> [ObjectID]

    /// What clients may do with a type, and which parts of the API it has.
    public struct Traits: OptionSet, Sendable {
        /// The bits.
        public let rawValue: Int
        /// The set of those bits.
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// Clients create, change and delete objects one by one.
        public static let writable = Traits(rawValue: 1)
        /// Objects have a map of values that they hand on to others, where their domain's conventions say (C §9).
        public static let parameters = Traits(rawValue: 2)
        /// Among the types that clients are told of when they ask for all.
        public static let listed = Traits(rawValue: 4)
        /// Not written one by one by clients: settings, which are there from the start as far as clients know.
        public static let internalOnly = Traits(rawValue: 8)
        /// Kept like any other, but never told of: in no event, no history, no list, no pack (keys of sealed values).
        public static let secret = Traits(rawValue: 16)
        /// Objects decide what somebody may see or do, so those who wait for anything look again when one changes.
        public static let decidesRights = Traits(rawValue: 32)
    }

    /// Declares a type.
    ///
    /// - Parameters:
    ///   - typeName: its name in URLs.
    ///   - schema: its fields.
    ///   - key: how objects are addressed.
    ///   - indexes: listed indexes beyond the base ones of C §7.1.
    ///   - lookups: indexes for the server itself, which are not listed.
    ///   - references: fields that name other objects.
    ///   - intervals: what objects hold, and for what time; two of one name are a programmer error.
    ///   - ownerField: has the key of what an object belongs to, if rights to it are given by that.
    ///   - mentions: what objects name where nothing has to be checked again on account of it.
    ///   - traits: what clients may do; `parameters` takes conventions that have some.
    ///   - conventions: what its domain's types have in common.
    ///   - rules: what is demanded of its objects.
    ///   - effects: what else comes of changes to them.
    public init(
        _ typeName: TypeName, _ schema: ObjectSchema, key: KeyRule, indexes: [IndexDeclaration] = [],
        lookups: [IndexDeclaration] = [], references: [Reference] = [], intervals: [IntervalDeclaration] = [],
        ownerField: String? = nil,
        mentions: Mentions? = nil, traits: Traits = [.writable, .listed], conventions: Conventions,
        rules: any ObjectRules = NoRules(), effects: [any DraftEffects] = []
    ) {
        precondition(
            Set(intervals.map { Identifier($0.name) }).count == intervals.count,
            "\(typeName) declares two interval indexes of one name")
        self.intervals = intervals
        self.mentions = mentions
        self.typeName = typeName
        self.schema = schema
        self.key = key
        self.indexes = indexes
        self.lookups = lookups
        self.references = references
        parent = references.first(where: \.isParent)
        self.rules = rules
        self.effects = effects
        self.traits = traits
        hiddenFields = schema.fields.filter(\.isHidden).map(\.name)
        secretFields = schema.fields.filter(\.isSecret).map { ($0.name, $0.initial) }
        serverSetFields = schema.fields.filter(\.isServerSet).map(\.name)
        self.conventions = conventions
        self.ownerField = ownerField
        common = conventions.fields.present(in: schema)
        parameters = traits.contains(.parameters) ? conventions.parameters : nil
        precondition(parameters != nil || !traits.contains(.parameters), "\(typeName) has no convention for parameters")
        baseIndexes = conventions.baseIndexes.map { $0.source == .key ? key.index(named: $0.name) : $0 }
        keptIndexes = Self.kept(
            baseIndexes, indexes: indexes + lookups, references: references, key: key, schema: schema)
        indexPlan = IndexPlan(keptIndexes)
        uniqueIndexes = Self.unique(indexes, kept: keptIndexes, key: key)
    }

    /// The same type with one more effect of changes to its objects.
    ///
    /// - Parameter rules: take the place of the type's own; nil to leave those.
    public func adding(_ effect: any DraftEffects, under rules: (any ObjectRules)? = nil) -> ObjectType {
        ObjectType(
            typeName, schema, key: key, indexes: indexes, lookups: lookups, references: references,
            intervals: intervals, ownerField: ownerField, mentions: mentions, traits: traits, conventions: conventions,
            rules: rules ?? self.rules,
            effects: effects + [effect])
    }

    /// A field that no two objects share.
    struct UniqueIndex: Sendable {
        let field: String
        let kind: IndexDeclaration.Kind
        /// The position among the kept indexes.
        let position: Int
    }

    /// Whether objects may hold something only while no other does.
    var forbidsOverlap: Bool { intervals.contains(where: \.forbidsOverlap) }

    /// Whether nobody is ever told of its objects.
    public var isSecret: Bool { traits.contains(.secret) }

    /// A refusal in the words of the type's domain.
    public func text(_ refusal: Refusal) -> String { conventions.wording(refusal) }

    /// The index called `name`, compared without regard to case, among listed and base ones.
    public func index(named name: String) -> IndexDeclaration? {
        let folded = name.asciiLowercased
        return indexes.first { $0.name.asciiLowercased.hasSameUTF8(as: folded) }
            ?? baseIndexes.first { $0.name.asciiLowercased.hasSameUTF8(as: folded) }
    }

    /// The refusal of a key that leads to no object: it names the key as it was given or, where keys are computed from what
    /// URLs have, the key that was looked for (C §2).
    public func notFound(_ path: String) -> TrackerError {
        .notFound(typeName, key.isDerived ? key.fromPath(path) : path)
    }

    private static func unique(
        _ indexes: [IndexDeclaration], kept: [IndexDeclaration], key: KeyRule
    ) -> [UniqueIndex] {
        indexes.compactMap { declaration in
            guard declaration.isUnique, case .field(let field) = declaration.source, !key.isKey(declaration)
            else { return nil }
            guard let position = kept.firstIndex(where: { $0.source == declaration.source }) else { return nil }
            return UniqueIndex(field: field, kind: declaration.kind, position: position)
        }
    }

    private static func kept(
        _ baseIndexes: [IndexDeclaration], indexes: [IndexDeclaration], references: [Reference], key: KeyRule,
        schema: ObjectSchema
    ) -> [IndexDeclaration] {
        let base = baseIndexes.filter { index in
            guard case .field(let name) = index.source else { return false }
            return schema.field(name) != nil
        }
        var kept = base + indexes.filter { $0.source.isKept && !key.isKey($0) }
        for reference in references where !kept.contains(where: { $0.source == reference.source }) {
            kept.append(IndexDeclaration(reference.indexName, reference.kind(in: schema), source: reference.source))
        }
        return kept
    }
}
