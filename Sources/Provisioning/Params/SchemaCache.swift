import JSON
import Synchronization

/// Compiled schemas by their text: params are checked far more often than their schemas change.
final class SchemaCache: Sendable {
    /// A schema ready for use, or why it is none.
    typealias Outcome = Result<JSONSchema, JSONSchema.CompileError>

    /// The cache that all rules share; what a schema means depends on nothing but its text.
    static let shared = SchemaCache()

    /// How many schemas are kept, and how many subschemas they may have together; beyond that all are forgotten.
    private static let limit = (schemas: 4096, nodes: 200_000)

    private let kept = Mutex((outcomes: [JSONDocument: Outcome](), nodes: 0))

    /// The compiled form of `schema`.
    func compiled(_ schema: JSONValue) -> Outcome {
        let document = JSONDocument(schema)
        if let known = kept.withLock({ $0.outcomes[document] }) { return known }
        let outcome = Outcome { () throws(JSONSchema.CompileError) in try JSONSchema(compiling: schema) }
        let nodes = (try? outcome.get().nodeCount) ?? 1
        kept.withLock { kept in
            if kept.outcomes.count >= Self.limit.schemas || kept.nodes + nodes > Self.limit.nodes { kept = ([:], 0) }
            kept.outcomes[document] = outcome
            kept.nodes += nodes
        }
        return outcome
    }
}
