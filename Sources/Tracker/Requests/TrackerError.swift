/// Why the tracker refused or failed a request.
///
/// The message texts are those of C §3; the API maps the code to a status and to the wire's `Type`, in one place.
public struct TrackerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: Sendable, Hashable, CaseIterable {
        /// Whoever asks may not do this.
        case denied
        /// No such object.
        case notFound
        /// An object that whoever asks may not get, if there is one at all: they are told what `notFound` tells.
        case hidden
        /// The key is taken.
        case alreadyExists
        /// A new object has no key.
        case emptyKey
        /// The input cannot be decoded into the type.
        case undecodable
        /// The type's rules refuse the object.
        case invalid
        /// A patch does not apply.
        case patchFailed
        /// A patch is not a patch.
        case malformedPatch
        /// A replacement names another key than the object's.
        case keyChanged
        /// Others need the object.
        case stillInUse
        /// A layer below the writable one holds the object and may not be overridden.
        case readOnly
        /// The object is locked.
        case locked
        /// A list's arguments make no sense.
        case badQuery
        /// A pack cannot join the stack: it breaks the layers' rules, or lacks a feature.
        case packRefused
        /// Objects of a pack do not decode or break their type's rules.
        case badPack
        /// A pack has no name.
        case unnamedPack
        /// Another state of the object than the request expects.
        case conflict
        /// An object is not as the request's `If-Match` or `If-None-Match` demands.
        case preconditionFailed
        /// The request takes more work than one may.
        case overBudget
        /// History that is no longer kept.
        case forgotten
        /// The store cannot take writes now.
        case unavailable
        /// Whoever asked does not wait any more.
        case cancelled
        /// A defect of ours.
        case internalFault
    }

    /// What went wrong.
    public var code: Code
    /// The object's type, or empty.
    public var typeName: String
    /// The object's key, or empty.
    public var key: String
    /// One sentence a problem.
    public var messages: [String]

    /// An error about the object `typeName`/`key`.
    public init(_ code: Code, _ typeName: TypeName = "", key: String = "", _ messages: [String]) {
        self.code = code
        self.typeName = typeName.rawValue
        self.key = key
        self.messages = messages
    }

    /// An error with one message.
    public init(_ code: Code, _ typeName: TypeName = "", key: String = "", _ message: String) {
        self.init(code, typeName, key: key, [message])
    }

    /// `users/x: Not Found`.
    public var description: String { "\(typeName)/\(key): \(messages.joined(separator: "; "))" }

    /// No object of that type and key.
    public static func notFound(_ typeName: TypeName, _ key: String) -> TrackerError {
        TrackerError(.notFound, typeName, key: key, "Not Found")
    }

    /// The same words for whoever may not get the object.
    public var hidden: TrackerError {
        var error = self
        error.code = .hidden
        return error
    }
}
