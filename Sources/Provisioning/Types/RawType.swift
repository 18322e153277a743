public import JSON
public import Tracker

/// Types that plug-in providers declare: free objects, some of whose fields have schemas (C §5.3).
public enum RawType {
    /// Declares a type of raw objects.
    ///
    /// - Parameters:
    ///   - typeName: the type's name.
    ///   - properties: for each field that the provider cares about its JSON schema, with `isrequired: true` if no
    ///     object may be without it; the value of the type name in the provider's `StoreObjects`.
    public static func make(typeName: TypeName, properties: JSONObject) -> ObjectType {
        let record = ObjectSchema(
            "RawModel", Field.common + Field.description + Field.texts("Id", "Type") + Field.params, isOpen: true
        ) { object in object["Type"] = .string(typeName.rawValue) }
        return ObjectType(
            typeName, record, key: .text("Id"),
            indexes: [.text("Id"), .text("Type")]
                + indexes(of: properties.filter { name, _ in record.field(name) == nil }),
            traits: [.writable, .listed, .parameters], rules: RawRules(schema: schema(of: properties)))
    }

    /// The one schema that says what the schemas of all properties say.
    private static func schema(of properties: JSONObject) -> JSONValue {
        let required = properties.keys.filter { properties[$0]?["isrequired"]?.boolValue == true }
        let schemas = properties.mapValues { value in
            var schema = value.objectValue ?? [:]
            schema.removeValue(forKey: "isrequired")
            return .object(schema)
        }
        var schema: JSONObject = ["type": "object", "properties": .object(schemas)]
        // Older drafts know no empty list here.
        if !required.isEmpty { schema["required"] = JSONValue(required) }
        return .object(schema)
    }

    private static func indexes(of properties: JSONObject) -> [IndexDeclaration] {
        properties.map { name, schema in
            switch schema["type"]?.stringValue {
            case "boolean": .flag(name)
            case "integer": IndexDeclaration(name, .integer)
            case "array", "object": .list(name)
            default: .text(name)
            }
        }
    }
}

/// What raw objects must be: what their provider's schema asks for.
struct RawRules: ObjectRules {
    let schema: JSONValue

    var looksAt: [TypeName] { ["params"] }

    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        findings.checkParams(of: object, change)
        guard case .success(let schema) = SchemaCache.shared.compiled(schema) else { return }
        for problem in schema.problems(of: .object(object)) { findings.addRefusal("Error in value: \(problem)") }
    }
}
