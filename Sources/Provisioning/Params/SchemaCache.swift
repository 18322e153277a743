import JSON
import Synchronization

/// Compiled schemas by their text: params are checked far more often than their schemas change.
final class SchemaCache: Sendable {
    /// A schema ready for use, or why it is none.
    typealias Outcome = Result<JSONSchema, JSONSchema.CompileError>

    /// The cache that all rules share; what a schema means depends on nothing but its text.
    static let shared = SchemaCache()

    /// How many schemas are kept; beyond that all are forgotten.
    private static let limit = 4096

    private let outcomes = Mutex<[JSONDocument: Outcome]>([:])

    /// The compiled form of `schema`.
    func compiled(_ schema: JSONValue) -> Outcome {
        let document = JSONDocument(schema)
        if let known = outcomes.withLock({ $0[document] }) { return known }
        let outcome = Outcome { () throws(JSONSchema.CompileError) in try JSONSchema(compiling: schema) }
        outcomes.withLock { outcomes in
            if outcomes.count >= Self.limit { outcomes.removeAll() }
            outcomes[document] = outcome
        }
        return outcome
    }
}
