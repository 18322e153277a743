/// A draft that is done, and what came of it.
struct Drafted<Value: Sendable>: Sendable {
    var draft: Draft
    let value: Result<Value, TrackerError>

    /// Has `body` work on `draft`, and checks what depends on its changes.
    init(_ draft: Draft, _ body: (inout Draft) throws(TrackerError) -> Value) {
        var draft = draft
        value = Result { () throws(TrackerError) in
            let value = try body(&draft)
            try draft.conclude()
            return value
        }
        self.draft = draft
    }

    /// The same on another thread than the caller's actor.
    @concurrent static func elsewhere(
        _ draft: Draft, _ body: @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async -> Drafted { Drafted(draft, body) }
}
