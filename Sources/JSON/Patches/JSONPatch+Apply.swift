extension JSONPatch {
    /// Why a patch does not apply to a document.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// The 0-based index of the operation that failed.
        public var index: Int
        /// The operation that failed.
        public var operation: Operation
        /// What went wrong.
        public var reason: Reason

        /// The first line of the error a client gets (C §3).
        public var description: String { "Patch error at line \(index): \(reason)" }
    }

    /// What can go wrong when an operation is applied.
    public enum Reason: Error, Sendable, Hashable, CustomStringConvertible {
        /// A pointer leads nowhere.
        case pointer(JSONPointerError)
        /// The value of a `test` is not the one in the document.
        case testFailed
        /// A value was to be moved into itself.
        case moveIntoSelf(from: JSONPointer, path: JSONPointer)
        /// The document would nest deeper than the parser accepts.
        case tooDeep(path: JSONPointer)
        /// The copies of one patch would add up to more than `JSONPatch.maxCopiedBytes`.
        case copiesTooMuch

        /// The text of C §8.1 where it has one.
        public var description: String {
            switch self {
            case .pointer(let error): error.description
            case .testFailed: "Test op failed."
            case .moveIntoSelf(let from, let path): "Cannot move `\(from)` into its own child `\(path)`"
            case .tooDeep(let path):
                "The value at `\(path)` would nest more than \(JSONLimits.default.maxDepth) levels deep"
            case .copiesTooMuch: "The patch copies more than \(JSONPatch.maxCopiedBytes) bytes; send the values instead"
            }
        }
    }

    /// Whether a whole document passes a `test` against a value.
    public typealias WholeTest = (_ document: JSONValue, _ value: JSONValue) -> Bool

    /// How much text one patch may multiply: a document copied into itself doubles with every operation.
    public static let maxCopiedBytes = 16 << 20

    /// The document after all operations. Later operations see what earlier ones did; when one fails nothing happens.
    ///
    /// - Parameter compareWhole: how a `test` of the whole document compares it with its value; nil for equality.
    public func apply(
        to document: JSONValue, comparingWholeBy compareWhole: WholeTest? = nil
    ) throws(Failure) -> JSONValue {
        var result = document
        var allowance = JSONGrowthAllowance(depth: JSONLimits.default.maxDepth, copiedBytes: Self.maxCopiedBytes)
        for (index, operation) in operations.enumerated() {
            do { try operation.apply(to: &result, within: &allowance, compareWhole) } catch {
                throw Failure(index: index, operation: operation, reason: error)
            }
        }
        return result
    }
}

extension JSONPatch.Operation {
    fileprivate func apply(
        to document: inout JSONValue, within allowance: inout JSONGrowthAllowance,
        _ compareWhole: JSONPatch.WholeTest?
    ) throws(JSONPatch.Reason) {
        switch self {
        case .add(let path, let value):
            try allowance.admit(value, at: path)
            try pointing { () throws(JSONPointerError) in try document.add(value, at: path) }
        case .remove(let path):
            try pointing { () throws(JSONPointerError) in try document.remove(at: path) }
        case .replace(let path, let value):
            try allowance.admit(value, at: path)
            try pointing { () throws(JSONPointerError) in try document.replace(at: path, with: value) }
        case .move(let from, let path):
            let value = try pointing { () throws(JSONPointerError) in try document.value(at: from) }
            guard from == path || !from.contains(path) else { throw .moveIntoSelf(from: from, path: path) }
            try allowance.admit(value, at: path)
            try pointing { () throws(JSONPointerError) in
                try document.remove(at: from)
                try document.add(value, at: path)
            }
        case .copy(let from, let path):
            let value = try pointing { () throws(JSONPointerError) in try document.value(at: from) }
            try allowance.admitCopy(of: value, at: path)
            try pointing { () throws(JSONPointerError) in try document.add(value, at: path) }
        case .test(let path, let value):
            let found = try pointing { () throws(JSONPointerError) in try document.value(at: path) }
            let isWhole = path.tokens.isEmpty
            guard isWhole ? compareWhole?(found, value) ?? (found == value) : found == value else { throw .testFailed }
        }
    }

    private func pointing<Result>(
        _ body: () throws(JSONPointerError) -> Result
    ) throws(JSONPatch.Reason) -> Result {
        do { return try body() } catch { throw .pointer(error) }
    }
}
