import Basics
import JSON

/// One way to find and sort the objects of a type (C §7.1).
public struct IndexDeclaration: Sendable, Hashable {
    /// The name in queries.
    public let name: String
    /// What the values are, and so how they compare.
    public let kind: Kind
    /// What lists of indexes call the kind, where a type has another word for it than its domain.
    public let typeText: String?
    /// Whether no two objects share a value, so that `Name:value` addresses one.
    public let isUnique: Bool
    /// Whether the index does not sort.
    public let isUnordered: Bool
    /// Whether `Re(…)` may be asked of it.
    public let hasRegex: Bool
    /// Where the values come from.
    public let source: Source
    /// What a query with a value of the wrong kind is told, where a type has other words for it than its domain; `%n` stands
    /// for the index, `%v` for the value.
    public let refusal: String?

    /// What an index's values are.
    public enum Kind: Sendable, Hashable {
        /// Bytes of text.
        case string
        /// `true` or `false`.
        case boolean
        /// A whole number.
        case integer
        /// A UUID's text.
        case uuid
        /// A point in time.
        case time
        /// An IP address.
        case address
        /// A network, asked by containment of an address where the type says so.
        case cidr
        /// A hardware address in any spelling, or other text.
        case hardwareAddress
        /// Every element of a list, or every key of a map.
        case list
    }

    /// Where an index's values come from.
    public enum Source: Sendable, Hashable {
        /// The object's key.
        case key
        /// A top-level field.
        case field(String)
        /// The member `member` of every element of the list in `field` (`Parts[].Id`).
        case elements(field: String, member: String)
        /// The member `name` of the object in `field` (`Place.Name`).
        case member(field: String, name: String)
        /// Every leaf in the members of the map in `field`, asked by the terms of ``LeafTerms``.
        case leaves(field: String)
        /// The network in `field`, asked by an address inside it; read from the objects, not kept.
        case network(field: String)
        /// The addresses from that in `low` to that in `high`, asked by one inside; read from the objects, not kept.
        case range(low: String, high: String)

        /// The top-level field that holds the values; nil where there is none, or more than one.
        var fieldName: String? {
            switch self {
            case .key, .network, .range: nil
            case .field(let name), .member(let name, _), .elements(let name, _), .leaves(let name): name
            }
        }

        /// Whether tables keep an index of it.
        var isKept: Bool {
            switch self {
            case .key, .network, .range: false
            case .field, .elements, .member, .leaves: true
            }
        }
    }

    /// Declares an index.
    ///
    /// - Parameters:
    ///   - name: the name in queries.
    ///   - kind: what the values are.
    ///   - typeText: what lists of indexes call the kind, by default what its domain calls it.
    ///   - source: by default the field called `name`.
    ///   - refusal: what a query with a value of the wrong kind is told, by default what its domain says.
    public init(
        _ name: String, _ kind: Kind, typeText: String? = nil, isUnique: Bool = false, isUnordered: Bool = false,
        hasRegex: Bool = false, source: Source? = nil, refusal: String? = nil
    ) {
        self.name = name
        self.kind = kind
        self.typeText = typeText
        self.isUnique = isUnique
        self.isUnordered = isUnordered
        self.hasRegex = hasRegex
        self.source = source ?? .field(name)
        self.refusal = refusal
    }
}

extension IndexDeclaration {
    /// What a query with the value `text`, which is of the wrong kind, is told if the index has words of its own for it.
    func refusal(of text: String) -> String? {
        guard let parts = refusal?.parts(between: "%") else { return nil }
        return parts.dropFirst().reduce(parts.first.map(String.init) ?? "") { sentence, part in
            let rest = String(part.dropFirst())
            switch part.utf8.first {
            case UInt8(ascii: "n"): return sentence + name + rest
            case UInt8(ascii: "v"): return sentence + text + rest
            default: return sentence + "%" + part
            }
        }
    }
}

/// A field that names objects of another type; the tracker re-checks the referring object when what it names comes, goes
/// or changes its availability (C §6).
public struct Reference: Sendable {
    /// Where the names stand.
    public let source: IndexDeclaration.Source
    /// Whether the field is a list of names.
    public let isList: Bool
    /// The type they belong to.
    public let target: TypeName
    /// Target fields whose change matters to the referrer, beside existence and availability.
    public let watchedFields: [String]
    /// What a text of the field names, where it may be more than the key of a target; nil for nothing.
    public let entry: Entry?
    /// Whether what is named is the object's parent in a tree.
    public let isParent: Bool

    /// Reads a text of a field.
    public typealias Entry = @Sendable (String) -> ObjectID?

    /// Declares that `field` names objects of `target`.
    ///
    /// - Parameter entry: what a text of the field names, if that is not always the key of a target.
    public init(
        _ field: String, to target: TypeName, isList: Bool = false, watching watchedFields: [String] = [],
        entry: Entry? = nil
    ) {
        self.init(.field(field), to: target, isList: isList, watching: watchedFields, entry: entry)
    }

    /// Declares that `source` names objects of `target`.
    public init(
        _ source: IndexDeclaration.Source, to target: TypeName, isList: Bool = false,
        watching watchedFields: [String] = [], entry: Entry? = nil
    ) {
        self.init(source, to: target, isList: isList, watching: watchedFields, isParent: false, entry: entry)
    }

    /// Declares that `field` names the parent of an object, which is of the type `target`: its own or another. No object comes to
    /// stand below itself, and none is removed while others stand below it; its children are found by the field's index
    /// (``Snapshot/keys(_:where:names:)``). A type has one parent at the most.
    public static func parent(_ field: String, of target: TypeName) -> Reference {
        Reference(.field(field), to: target, isList: false, watching: [], isParent: true, entry: nil)
    }

    private init(
        _ source: IndexDeclaration.Source, to target: TypeName, isList: Bool, watching watchedFields: [String],
        isParent: Bool, entry: Entry?
    ) {
        self.isParent = isParent
        self.entry = entry
        self.source = source
        self.isList = isList
        self.target = target
        self.watchedFields = watchedFields
    }

    /// How the index that finds referrers reads the field of a type of `schema`: as the keys of targets are encoded.
    func kind(in schema: ObjectSchema) -> IndexDeclaration.Kind {
        guard case .field(let name) = source else { return .string }
        return switch schema.field(name)?.shape {
        case .integer, .list(.integer): .integer
        case .address, .list(.address): .address
        default: .string
        }
    }

    /// The name of the index that finds referrers, where the type lists none for the field.
    var indexName: String {
        switch source {
        case .key: "Key"
        case .field(let name): name
        case .elements(let field, let member): "\(field)[].\(member)"
        case .member(let field, let name): "\(field).\(name)"
        case .leaves(let field): "\(field){}"
        case .network(let field): field
        case .range(let low, let high): "\(low)-\(high)"
        }
    }
}
