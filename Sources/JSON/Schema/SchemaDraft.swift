/// The drafts of JSON Schema, by what they know.
enum SchemaDraft: Int, Sendable, Comparable {
    case draft4 = 4
    case draft6 = 6
    case draft7 = 7
    /// No draft is named: the keywords of all, and the forms of either where drafts contradict each other.
    case any = 100

    /// The draft a root schema names in `$schema`.
    init(of schema: JSONValue) throws(JSONSchema.CompileError) {
        self = .any
        guard let named = schema["$schema"] else { return }
        guard case .string(let text) = named else {
            throw JSONSchema.CompileError(
                message: "Invalid type. Expected: string, given: $schema", location: JSONPointer())
        }
        for (name, draft) in [("draft-04", SchemaDraft.draft4), ("draft-06", .draft6), ("draft-07", .draft7)]
        where Self.addresses(of: name).contains(text) {
            self = draft
        }
    }

    private static func addresses(of name: String) -> [String] {
        ["http", "https"].flatMap { scheme in
            ["", "#"].map { "\(scheme)://json-schema.org/\(name)/schema\($0)" }
        }
    }

    static func < (left: SchemaDraft, right: SchemaDraft) -> Bool { left.rawValue < right.rawValue }

    /// The keyword that names a schema.
    func idKeyword(of schema: JSONObject) -> String {
        switch self {
        case .draft4: "id"
        case .any where schema["id"] != nil: "id"
        default: "$id"
        }
    }
}
