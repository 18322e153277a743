public import JSON

/// What the kernel refuses, as data: a domain's conventions put it into the words that its clients know.
public enum Refusal: Sendable {
    /// A new object has no key.
    case emptyKey
    /// A new object's key is taken.
    case alreadyExists
    /// A change names another key than the object's.
    case keyChanged(TypeName, from: String, to: String)
    /// A layer below the writable one holds the object.
    ///
    /// `isOverwritable`: whether the layer may be overridden, but not have its objects removed.
    case readOnly(key: String, isOverwritable: Bool)
    /// A member has the wrong form.
    case undecodable(FieldTypeError)
    /// What should be an object of the schema called `schema` is something else.
    case noObject(JSONValue, schema: String)
    /// An operation of a patch does not apply.
    case patchFailed(index: Int, reason: String)
    /// The patch of which an operation does not apply.
    case failedPatch(JSONPatch)

    /// A list's argument names no index, or one that has no order, or none for patterns.
    case unknownIndex(String), unsortableIndex(String), patternlessIndex(String)
    /// A value is not of the index's kind.
    case badOperand(String, index: String, IndexDeclaration.Kind)
    /// A page's argument is no whole number, or a negative one.
    case badCount(argument: String, text: String), negativeCount(argument: String)

    /// An object of a pack would override one that is protected, or be overridden against the rules.
    case packOverrides(ObjectID, layer: Layer, other: Layer)
    /// A pack's section is no object.
    case badSection(String, JSONValue, pack: String)
    /// An object of a pack does not decode, for the reason that follows.
    case badItem(String, section: String, pack: String, reason: String)
    /// What to do about a pack whose objects do not decode.
    case badPackRemedy(pack: String)
    /// There is no such pack.
    case unknownPack
}

extension Refusal {
    /// The refusal in the kernel's own words.
    public var plainText: String {
        switch self {
        case .emptyKey: "the object has no key"
        case .alreadyExists: "already exists"
        case .keyChanged(let type, let old, let new): "\(type): the key \(old) cannot become \(new)"
        case .readOnly(let key, _): "\(key) belongs to a layer that cannot be written"
        case .undecodable(let error): error.description
        case .noObject(let value, let schema): "a \(schema) is an object, not a \(value.kindName)"
        case .patchFailed(let index, let reason): "operation \(index) of the patch: \(reason)"
        case .failedPatch(let patch): "the patch: \(patch.prettyText())"
        case .unknownIndex(let name): "there is no index or field \(name)"
        case .unsortableIndex(let name): "\(name) has no order to sort by"
        case .patternlessIndex(let name): "\(name) cannot be matched with a pattern"
        case .badOperand(let text, let index, _): "\(index) cannot be `\(text)`"
        case .badCount(let argument, let text): "\(argument) must be a whole number, not `\(text)`"
        case .negativeCount(let argument): "\(argument) cannot be negative"
        case .packOverrides(let id, let layer, let other):
            "\(id) of the layer \(layer.name) would override the layer \(other.name)"
        case .badSection(let section, let value, let pack):
            "the section \(section) of the pack \(pack) is no object but a \(value.kindName)"
        case .badItem(let item, let section, let pack, let reason): "\(section)/\(item) of the pack \(pack): \(reason)"
        case .badPackRemedy(let pack): "mend the pack \(pack) and load it again"
        case .unknownPack: "there is no such pack"
        }
    }
}
