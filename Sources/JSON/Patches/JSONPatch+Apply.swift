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
        /// The patch would take more than `JSONPatch.maxSteps`.
        case tooMuchWork

        /// The text of C §8.1 where it has one.
        public var description: String {
            switch self {
            case .pointer(let error): error.description
            case .testFailed: "Test op failed."
            case .moveIntoSelf(let from, let path): "Cannot move `\(from)` into its own child `\(path)`"
            case .tooDeep(let path):
                "The value at `\(path)` would nest more than \(JSONLimits.default.maxDepth) levels deep"
            case .copiesTooMuch: "The patch copies more than \(JSONPatch.maxCopiedBytes) bytes; send the values instead"
            case .tooMuchWork: "The patch takes more than \(JSONPatch.maxSteps) steps; send it in several parts"
            }
        }
    }

    /// Whether a whole document passes a `test` against a value.
    public typealias WholeTest = (_ document: JSONValue, _ value: JSONValue) -> Bool

    /// How much text one patch may multiply: a document copied into itself doubles with every operation.
    public static let maxCopiedBytes = 16 << 20
    /// How many steps one patch may take. An operation takes one for each part of its pointers, in arrays the logarithm of
    /// their length, and one for each value that it adds; what it moves deeper is looked at as a whole.
    public static let maxSteps = 40_000_000

    /// The document after all operations. Later operations see what earlier ones did; when one fails nothing happens.
    ///
    /// - Parameter compareWhole: how a `test` of the whole document compares it with its value; nil for equality.
    public func apply(
        to document: JSONValue, comparingWholeBy compareWhole: WholeTest? = nil
    ) throws(Failure) -> JSONValue {
        var work = StepBudget(Self.maxSteps)
        return try apply(to: document, within: &work, comparingWholeBy: compareWhole)
    }

    /// Applies the patch as the other `apply` does, and takes the steps from `work`.
    func apply(
        to document: JSONValue, within work: inout StepBudget, comparingWholeBy compareWhole: WholeTest? = nil
    ) throws(Failure) -> JSONValue {
        var patched = PatchedDocument(value: .whole(document), work: work)
        var allowance = JSONGrowthAllowance(depth: JSONLimits.default.maxDepth, copiedBytes: Self.maxCopiedBytes)
        for (index, operation) in operations.enumerated() {
            do throws(Reason) {
                try operation.apply(to: &patched, within: &allowance, compareWhole)
                if patched.work.isExhausted { throw Reason.tooMuchWork }
            } catch {
                throw Failure(index: index, operation: operation, reason: error)
            }
        }
        work = patched.work
        return patched.value.joined()
    }
}

extension JSONPatch.Operation {
    fileprivate func apply(
        to document: inout PatchedDocument, within allowance: inout JSONGrowthAllowance,
        _ compareWhole: JSONPatch.WholeTest?
    ) throws(JSONPatch.Reason) {
        switch self {
        case .add(let path, let value):
            try allowance.admit(value, at: path, &document.work)
            try pointing { () throws(JSONPointerError) in try document.add(.whole(value), at: path) }
        case .remove(let path):
            try pointing { () throws(JSONPointerError) in try document.remove(at: path) }
        case .replace(let path, let value):
            try allowance.admit(value, at: path, &document.work)
            try pointing { () throws(JSONPointerError) in try document.replace(at: path, with: .whole(value)) }
        case .move(let from, let path): try move(from, to: path, in: &document, within: &allowance)
        case .copy(let from, let path):
            let found = try pointing { () throws(JSONPointerError) in try document.value(at: from) }
            let value = found.joined()
            try allowance.admitCopy(of: value, at: path, &document.work)
            try pointing { () throws(JSONPointerError) in try document.add(.whole(value), at: path) }
        case .test(let path, let value):
            // Equal values are of one size, so tests that succeed cost no more than it took to send them.
            let found = try pointing { () throws(JSONPointerError) in try document.value(at: path) }
            if path.isRoot, let compareWhole {
                // This one may pass against less than the document.
                let whole = found.joined()
                document.value = .whole(whole)
                document.work.spend(whole.weight)
                guard compareWhole(whole, value) else { throw .testFailed }
            } else {
                guard found.joined() == value else { throw .testFailed }
            }
        }
    }

    private func move(
        _ from: JSONPointer, to path: JSONPointer, in document: inout PatchedDocument,
        within allowance: inout JSONGrowthAllowance
    ) throws(JSONPatch.Reason) {
        let value = try pointing { () throws(JSONPointerError) in try document.value(at: from) }
        guard from == path || !from.contains(path) else { throw .moveIntoSelf(from: from, path: path) }
        // What is deep enough where it is needs no look where it gets no deeper.
        if path.tokens.count > from.tokens.count {
            try allowance.admit(value.joined(), at: path, &document.work)
        }
        try pointing { () throws(JSONPointerError) in
            try document.remove(at: from)
            try document.add(value, at: path)
        }
    }

    private func pointing<Result>(
        _ body: () throws(JSONPointerError) -> Result
    ) throws(JSONPatch.Reason) -> Result {
        do { return try body() } catch { throw .pointer(error) }
    }
}
