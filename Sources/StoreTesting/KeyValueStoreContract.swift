public import Store

/// What every `KeyValueStore` must do, as one check that needs no test framework:
///
/// ```swift
/// @Test func `memory store keeps the contract`() throws { try KeyValueStoreContract { MemoryStore() }.check() }
/// ```
public struct KeyValueStoreContract {
    /// A way in which a store breaks the contract.
    public struct Violation: Error, CustomStringConvertible {
        /// What was expected and what happened.
        public let description: String
    }

    let open: () throws -> any KeyValueStore
    let reopen: ((any KeyValueStore) throws -> any KeyValueStore)?

    /// Prepares the check.
    ///
    /// - Parameters:
    ///   - reopen: For durable stores: opens anew the store given, which was closed.
    ///   - open: Opens a new and empty store, on every call another.
    public init(
        reopen: ((any KeyValueStore) throws -> any KeyValueStore)? = nil,
        _ open: @escaping () throws -> any KeyValueStore
    ) {
        self.open = open
        self.reopen = reopen
    }

    /// Checks everything.
    ///
    /// - Parameter seeds: Where the random batches start; each seed costs some tens of batches.
    /// - Throws: `Violation` for the first rule broken, or the error of a call that should have worked.
    public func check(seeds: ClosedRange<UInt64> = 1...4) throws {
        try onNewStore(checkValues)
        try onNewStore(checkKeyspaces)
        try onNewStore(checkOrder)
        try onNewStore(checkRanges)
        try onNewStore(checkScanStops)
        try onNewStore(checkBatchOrder)
        try onNewStore(checkRefusedKeys)
        try onNewStore(checkNestedCalls)
        try onNewStore(checkConsistentScans)
        try onNewStore(checkClose)
        if reopen != nil { try onNewStore(checkReopen) }
        for seed in seeds { try checkAgainstModel(seed: seed) }
    }

    func onNewStore(_ check: (any KeyValueStore) throws -> Void) throws {
        let store = try open()
        try check(store)
        try store.close()
    }

    /// Throws a violation unless `condition` holds.
    func require(_ condition: Bool, _ rule: @autoclosure () -> String) throws(Violation) {
        if !condition { throw Violation(description: rule()) }
    }

    /// Throws a violation unless `call` throws a store error with one of the codes.
    func requireError(_ code: StoreError.Code, _ rule: String, _ call: () throws(StoreError) -> Void) throws(Violation)
    {
        do throws(StoreError) {
            try call()
        } catch {
            return try require(error.code == code, "\(rule): expected the error \(code), got \(error.code), \(error)")
        }
        throw Violation(description: "\(rule): expected the error \(code), but nothing was thrown")
    }
}

extension KeyValueStore {
    /// All pairs of a range, copied.
    func pairs(
        _ keyspace: Keyspace = .data, from: [UInt8]? = nil, upTo: [UInt8]? = nil, descending: Bool = false
    ) throws(StoreError) -> [Pair] {
        var pairs: [Pair] = []
        try scan(keyspace, from: from, upTo: upTo, descending: descending) { key, value in
            pairs.append(Pair(key: Array(key), value: Array(value)))
            return true
        }
        return pairs
    }

    /// Applies a batch that `build` fills.
    func write(_ build: (inout WriteBatch) -> Void) throws(StoreError) {
        var batch = WriteBatch()
        build(&batch)
        try apply(batch)
    }
}

/// A key and its value.
struct Pair: Hashable {
    let key: [UInt8]
    let value: [UInt8]
}
