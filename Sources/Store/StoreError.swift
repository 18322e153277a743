import Basics

/// Why a store could not do what it was asked.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is, for callers that act on it.
    public enum Code: String, Sendable, CaseIterable {
        /// The store to open does not exist.
        case notFound
        /// The disk or the system refused; trying again later may help.
        case unavailable
        /// The device, a quota or the configured limit is full.
        case diskFull
        /// What is on disk is not what a store writes.
        case corrupt
        /// The store was opened for reading, or lies on something that cannot be written.
        case readOnly
        /// A key, a value or a batch is larger than the store can hold.
        case tooLarge
        /// The store was closed.
        case closed
        /// Another process, or another part of this one, has the store open.
        case locked
        /// The text is not a store locator.
        case badLocator
        /// The kind of store or its format is not one this program handles.
        case unsupported
        /// The caller broke a rule of `KeyValueStore`; a mistake in the program.
        case misuse
    }

    /// What the system or the library below said.
    public struct Cause: Sendable, Hashable {
        /// The value of `errno`, or the negative number of an LMDB error.
        public var number: Int32
        /// Its meaning in words.
        public var text: String

        /// Makes a cause from an error number and its meaning.
        public init(number: Int32, text: String) {
            self.number = number
            self.text = text
        }
    }

    /// What kind of failure it is.
    public var code: Code
    /// What failed, with its path or key, and what to do about it.
    public var message: String
    /// What the system or the library below said, if it was asked.
    public var cause: Cause?

    /// Makes an error.
    public init(_ code: Code, _ message: String, cause: Cause? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message, followed by the cause.
    public var description: String {
        guard let cause else { return message }
        return "\(message) (\(cause.text), error \(cause.number))"
    }

    /// The start of a key as it can be shown in a message: printable ASCII as it is, other bytes as `%XX`.
    static func excerpt(_ key: [UInt8]) -> String {
        let shown = 48
        return "\"" + PercentEncoding.encode(key.prefix(shown), keeping: { $0 > 0x20 && $0 != 0x22 })
            + (key.count > shown ? "…\"" : "\"")
    }
}
