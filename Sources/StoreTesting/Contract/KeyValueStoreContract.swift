import Store

/// What every `KeyValueStore` must do, as named cases that need no test framework:
///
/// ```swift
/// @Test(arguments: KeyValueStoreContract.cases(for: subject))
/// func `a store keeps the contract`(rule: StoreCase) throws { try rule.check(subject) }
/// ```
public enum KeyValueStoreContract {
    /// A way in which a store breaks the contract.
    public struct Violation: Error, CustomStringConvertible {
        /// What was expected and what happened.
        public let description: String
    }

    /// All cases.
    public static let cases =
        values + keyspaces + order + ranges + scans + batches + limits + concurrency + closing + durability + opening
        + readOnly + damage + models

    /// The cases that concern a kind of store.
    public static func cases(for subject: StoreSubject) -> [StoreCase] {
        cases.filter { $0.needs.isSubset(of: subject.abilities) }
    }
}

/// Throws a violation unless `condition` holds.
func require(_ condition: Bool, _ rule: @autoclosure () -> String) throws(KeyValueStoreContract.Violation) {
    if !condition { throw KeyValueStoreContract.Violation(description: rule()) }
}

/// Throws a violation unless `call` throws a store error with one of the codes.
@discardableResult
func requireError(
    _ codes: StoreError.Code..., call: () throws(StoreError) -> Void
) throws(KeyValueStoreContract.Violation) -> StoreError {
    do throws(StoreError) {
        try call()
    } catch {
        try require(codes.contains(error.code), "expected \(codes), got \(error.code): \(error)")
        return error
    }
    throw KeyValueStoreContract.Violation(description: "expected \(codes), but nothing was thrown")
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

    /// The keys of a keyspace, in the order of a scan.
    func keys(
        _ keyspace: Keyspace = .data, from: [UInt8]? = nil, upTo: [UInt8]? = nil, descending: Bool = false
    ) throws(StoreError) -> [[UInt8]] {
        try pairs(keyspace, from: from, upTo: upTo, descending: descending).map(\.key)
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
