import Basics
public import JSON
public import Tracker

/// A pack that is a single text: `{meta, sections}`.
enum PackShape {
    /// What a pack says of its place in the stack; it is ignored (C §14.2), so it may be spelled in any way.
    static let placement: Set<Identifier> = ["Type", "Writable", "Overwritable"]

    /// What the text's values are for.
    static func shape(_ catalog: Catalog) -> FieldType {
        let sections = catalog.visibleTypes.map { Field($0.typeName.rawValue, .map(.record($0.schema))) }
        return .record(
            ObjectSchema(
                "Content",
                [
                    Field("meta", .map(.string)),
                    Field("sections", .record(ObjectSchema("Sections", sections, isOpen: true))),
                ],
                isOpen: true))
    }

    /// The pack that a text's value is; nil if it is none.
    static func pack(_ value: JSONValue) -> JSONValue? {
        guard case .object(let pack) = value else { return nil }
        let parts = pack.map { key, part -> (String, JSONValue) in
            guard key.asciiLowercased.hasSameUTF8(as: "meta"), case .object(let metadata) = part else {
                return (key, part)
            }
            let fields = metadata.filter { !placement.contains(Identifier($0.key)) }
            return (key, .object(JSONObject(fields.map { ($0.key, $0.value) })))
        }
        return .object(JSONObject(parts))
    }
}

extension ContentPacks {
    /// The pack in a YAML text, as plug-in providers bring it (C §18).
    ///
    /// - Throws: `badPack` if it holds none.
    public func content(ofYAML text: String) throws(TrackerError) -> JSONValue {
        let reading: YAMLReading
        do throws(YAMLError) {
            reading = try YAMLReader.read(Array(text.utf8), as: PackShape.shape(catalog))
        } catch {
            throw TrackerError(.badPack, "contents", "the content cannot be read as YAML: \(error)")
        }
        guard let pack = PackShape.pack(reading.value) else {
            throw TrackerError(.badPack, "contents", "a content pack is an object with meta and sections")
        }
        return pack
    }
}
