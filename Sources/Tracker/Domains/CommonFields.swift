/// The names of the fields that the tracker itself fills in, by what they say. A domain without such a field leaves it out.
public struct CommonFields: Sendable {
    /// Whether the object passed its type's rules; a flag.
    public let validated: String?
    /// Whether the object can be used; a flag.
    public let available: String?
    /// Why the object cannot be used; a list of sentences.
    public let errors: String?
    /// Whether the object's layer refuses writes; a flag.
    public let readOnly: String?
    /// The name of the layer that supplies the object; empty for the writable one.
    public let layer: String?

    /// Fields of these names.
    public init(
        validated: String? = nil, available: String? = nil, errors: String? = nil, readOnly: String? = nil,
        layer: String? = nil
    ) {
        self.validated = validated
        self.available = available
        self.errors = errors
        self.readOnly = readOnly
        self.layer = layer
    }

    /// The names of all fields.
    public var names: [String] { [validated, available, errors, readOnly, layer].compactMap(\.self) }

    /// The same fields as far as `schema` has them.
    func present(in schema: ObjectSchema) -> CommonFields {
        func known(_ name: String?) -> String? { name.flatMap { schema.field($0)?.name } }
        return CommonFields(
            validated: known(validated), available: known(available), errors: known(errors),
            readOnly: known(readOnly), layer: known(layer))
    }
}
