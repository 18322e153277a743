public import Store
import Synchronization

/// A store that fails when told to, for tests of what stands on a store; otherwise it passes calls on to another store.
///
/// ```swift
/// let store = FaultInjectingStore(MemoryStore())
/// store.fail(.apply, nth: 2)                           // the second apply from now fails, nothing was written
/// store.fail(.apply, .after)                           // the next one fails too, but was written
/// store.failUntilHealed(.apply, with: .diskFull)       // from now on each one fails
/// ```
public final class FaultInjectingStore: KeyValueStore {
    /// The calls that can be made to fail and are counted.
    public enum StoreCall: String, CaseIterable, Sendable {
        case scan, value, apply, close
    }

    /// When a failure strikes.
    public enum Moment: Sendable {
        /// Before the call has any effect.
        case before
        /// After it took full effect, so that the caller cannot tell.
        case after
    }

    private struct Fault {
        let call: StoreCall
        /// The count of the call that fails, or nil for every call until healed.
        let number: Int?
        let moment: Moment
        let error: StoreError
    }

    private struct State {
        var faults: [Fault] = []
        var counts: [StoreCall: Int] = [:]
        var observer: (@Sendable (WriteBatch) -> Void)?
    }

    private let base: any KeyValueStore
    private let state = Mutex(State())

    /// Wraps a store.
    public init(_ base: any KeyValueStore) {
        self.base = base
    }

    /// How often `call` was made so far, whether it failed or not.
    public func count(of call: StoreCall) -> Int {
        state.withLock { $0.counts[call, default: 0] }
    }

    /// Makes the `nth` call from now on fail, once; 1 is the next.
    public func fail(
        _ call: StoreCall, nth: Int = 1, _ moment: Moment = .before, with code: StoreError.Code = .unavailable
    ) {
        state.withLock { state in
            let number = state.counts[call, default: 0] + nth
            state.faults.append(Fault(call: call, number: number, moment: moment, error: .injected(call, code)))
        }
    }

    /// Makes every call from now on fail, until `heal`.
    public func failUntilHealed(
        _ call: StoreCall, _ moment: Moment = .before, with code: StoreError.Code = .unavailable
    ) {
        state.withLock { state in
            state.faults.append(Fault(call: call, number: nil, moment: moment, error: .injected(call, code)))
        }
    }

    /// Forgets all failures still to come.
    public func heal() {
        state.withLock { $0.faults = [] }
    }

    /// Has `observer` called with every batch before it is applied or fails, on the thread that applies it. An
    /// observer that blocks holds up the writer, which lets a test fill the queue behind it.
    public func observeBatches(_ observer: (@Sendable (WriteBatch) -> Void)?) {
        state.withLock { $0.observer = observer }
    }

    /// That of the store wrapped.
    public var locator: StoreLocator { base.locator }
    /// That of the store wrapped.
    public var keepsHistory: Bool { base.keepsHistory }
    /// That of the store wrapped.
    public var maximumKeyLength: Int { base.maximumKeyLength }
    /// That of the store wrapped.
    public var condition: StoreCondition { base.condition }

    /// See `KeyValueStore`.
    public func scan(
        _ keyspace: Keyspace, from: [UInt8]?, upTo: [UInt8]?, descending: Bool,
        _ visit: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try during(.scan) { () throws(StoreError) in
            try base.scan(keyspace, from: from, upTo: upTo, descending: descending, visit)
        }
    }

    /// See `KeyValueStore`.
    public func value(_ keyspace: Keyspace, key: [UInt8]) throws(StoreError) -> [UInt8]? {
        try during(.value) { () throws(StoreError) in try base.value(keyspace, key: key) }
    }

    /// See `KeyValueStore`.
    public func apply(_ batch: WriteBatch) throws(StoreError) {
        state.withLock { $0.observer }?(batch)
        try during(.apply) { () throws(StoreError) in try base.apply(batch) }
    }

    /// See `KeyValueStore`.
    public func makeRoom(for byteCount: Int) { base.makeRoom(for: byteCount) }

    /// See `KeyValueStore`.
    public func close() throws(StoreError) {
        try during(.close) { () throws(StoreError) in try base.close() }
    }

    private func during<Result>(_ call: StoreCall, _ body: () throws(StoreError) -> Result) throws(StoreError) -> Result
    {
        let fault = state.withLock { state in
            let number = state.counts[call, default: 0] + 1
            state.counts[call] = number
            guard let index = state.faults.firstIndex(where: { $0.call == call && [nil, number].contains($0.number) })
            else { return Fault?.none }
            return state.faults[index].number == nil ? state.faults[index] : state.faults.remove(at: index)
        }
        if let fault, fault.moment == .before { throw fault.error }
        let result = try body()
        if let fault { throw fault.error }
        return result
    }
}

extension StoreError {
    fileprivate static func injected(_ call: FaultInjectingStore.StoreCall, _ code: Code) -> StoreError {
        StoreError(code, "\(call) failed because a test asked for it")
    }
}
