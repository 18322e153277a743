public import JSON
public import Tracker

/// The `meta` of a pack (C §5.4).
public struct ContentMetadata: Sendable {
    /// All fields in wire form; absent ones are empty.
    public let object: JSONObject

    private static let schema = ObjectSchema(
        "ContentMetaData",
        [
            "Name", "Version", "Description", "Source", "Documentation", "RequiredFeatures", "Prerequisites", "Color",
            "Icon", "Author", "DisplayName", "License", "Copyright", "CodeSource", "Order", "Tags", "DocUrl", "Type",
        ].map { Field($0, .string) } + [Field("Writable", .boolean), Field("Overwritable", .boolean)])

    /// The names of all fields.
    public static let fieldNames = schema.fields.map(\.name)

    /// The fields that `input` gives.
    ///
    /// - Parameter layers: has the words for refusals.
    /// - Throws: `TrackerError` of code `badPack` when one has the wrong type.
    public init(_ input: JSONObject, _ layers: LayerConventions) throws(TrackerError) {
        do {
            object = try Self.schema.decode(input)
        } catch {
            throw TrackerError(.badPack, "contents", "meta: \(layers.wording(.undecodable(error)))")
        }
    }

    /// The text of a field; empty if there is no such field.
    public subscript(name: String) -> String { object[name]?.stringValue ?? "" }

    /// The pack's name.
    public var name: String { self["Name"] }

    /// The fields with what follows from the layer's place in the stack; what the pack says of that is ignored (C §14.2).
    func placed(as kind: LayerKind, name: String) -> JSONObject {
        var object = object
        object["Name"] = .string(name)
        object["Type"] = .string(kind.name)
        object["Writable"] = .bool(kind == .writable)
        object["Overwritable"] = .bool(kind.isOverwritable)
        return object
    }
}
