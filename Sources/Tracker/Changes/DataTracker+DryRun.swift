extension DataTracker {
    /// What `commit` with the same `body` would give if nothing else happened meanwhile, without doing it.
    ///
    /// It works on the newest durable state and holds nobody up.
    ///
    /// - Returns: what the commit would give, and the state that it would change.
    /// - Throws: what `body` throws.
    public nonisolated func dryRun<Value: Sendable>(
        _ request: TrackerRequest, _ body: @Sendable (inout Draft) throws(TrackerError) -> Value
    ) throws(TrackerError) -> (outcome: Committed<Value>, base: Snapshot) {
        let base = snapshot
        var draft = Draft(over: base, request: request, environment: environment)
        let value = try body(&draft)
        try draft.conclude()
        let changes = draft.changeList.changes
        let isNothing = changes.isEmpty && draft.packs.isEmpty
        return (Committed(value: value, snapshot: isNothing ? base : draft.view, changes: changes), base)
    }
}
