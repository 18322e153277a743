/// What the object types of one domain have in common, as data: the kernel itself has no field name, no wording and no query
/// language.
///
/// Types are given their domain's conventions when they are declared, and look them up by name once. Conventions without
/// arguments are plain: no common fields, equality as the only filter, and the kernel's own English.
public struct Conventions: Sendable {
    /// The fields that the tracker itself fills in.
    public let fields: CommonFields
    /// What types declare in common, with the fields that the tracker fills in among it.
    public let commonFields: [Field]
    /// The indexes that every type has, as far as it has their fields.
    public let baseIndexes: [IndexDeclaration]
    /// Where values stand that objects hand on to others, for types that have them; nil if the domain has no such thing.
    public let parameters: ParameterConventions?
    /// How arguments of lists are read.
    public let filters: FilterSyntax
    /// Puts refusals into words.
    public let wording: Wording

    /// Puts a refusal into words: a sentence for each problem.
    public typealias Wording = @Sendable (Refusal) -> String

    /// Conventions of a domain.
    ///
    /// - Parameter wording: by default the kernel's own words.
    public init(
        fields: CommonFields = CommonFields(), commonFields: [Field] = [], baseIndexes: [IndexDeclaration] = [],
        parameters: ParameterConventions? = nil, filters: FilterSyntax = FilterSyntax(),
        wording: @escaping Wording = { $0.plainText }
    ) {
        self.fields = fields
        self.commonFields = commonFields
        self.baseIndexes = baseIndexes
        self.parameters = parameters
        self.filters = filters
        self.wording = wording
    }
}

/// The map of values that objects hand on to others, and the objects that declare what values may be.
public struct ParameterConventions: Sendable {
    /// The field with the map.
    public let field: String
    /// What the name of a filter on a value may begin with, in lower case; what follows is the value's name.
    public let filterPrefix: String
    /// The type whose objects declare what values may be, by name.
    public let declaredBy: TypeName
    /// The flag of a declaration that has values kept sealed.
    public let secureFlag: String

    /// Values in the map `field`, declared by objects of the type `declaredBy`.
    public init(field: String, filterPrefix: String, declaredBy: TypeName, secureFlag: String) {
        self.field = field
        self.filterPrefix = filterPrefix
        self.declaredBy = declaredBy
        self.secureFlag = secureFlag
    }
}
