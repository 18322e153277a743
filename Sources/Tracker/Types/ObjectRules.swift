public import Basics
public import JSON

/// What a type demands of its objects, whatever way they come in: single writes, change sets, packs, undoing.
///
/// Rules are pure: they see the object, the state it would join, and the environment, and answer with findings or with the
/// object completed. What changes other objects is one of the type's ``DraftEffects``. All have defaults, so a type writes only
/// what it needs.
public protocol ObjectRules: Sendable {
    /// The types that the rules look at beside the one they are for and those that its references name.
    var looksAt: [TypeName] { get }

    /// Sets what the server owes the object before it is checked: random ids, defaults that are settings, coupled fields.
    /// Not called for re-validation.
    func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError)

    /// Reports every problem of the object.
    func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings)

    /// Refuses a removal that would break a promise to others.
    ///
    /// - Throws: `TrackerError` of code `stillInUse`, `locked` or `invalid`.
    func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError)
}

extension ObjectRules {
    /// No others.
    public var looksAt: [TypeName] { [] }
    /// Nothing to set.
    public func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {}
    /// No problems.
    public func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {}
    /// No objection.
    public func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {}
}

/// The rules of a type that has none.
public struct NoRules: ObjectRules {
    /// No rules.
    public init() {}
}

/// What a rule may know of the change it judges.
public struct ChangeContext: Sendable {
    /// What is being done.
    public let action: Action
    /// The type of the object.
    public let type: ObjectType
    /// The object's key; empty while a new object has none.
    public internal(set) var key: String
    /// The object as it was, with its hidden fields; nil on create.
    public let previous: JSONObject?
    /// The state the object would join, this change not included.
    public internal(set) var view: Snapshot
    /// On whose behalf.
    public let request: TrackerRequest
    /// Time and randomness.
    public let environment: Environment
    /// What the client says that it does; nil where the server does it.
    var intent: WriteIntent?

    /// What is being done to an object.
    public enum Action: Sendable, Hashable {
        /// A client or the server creates it.
        case create
        /// A client replaces or patches it.
        case update
        /// The server itself changes it; what only the server may set is open.
        case save
        /// A content pack supplies it.
        case load
        /// A file of the store has it that somebody put there.
        case adopt
        /// Something it refers to changed; the object itself did not.
        case revalidate
        /// It is being removed.
        case remove
    }

    /// Whether names that lead nowhere refuse the write: for clients' own writes they do, for packs and re-validation they
    /// make the object unavailable (C §4.5).
    public var refusesDanglingNames: Bool { action == .create || action == .update || action == .save }
}

extension ChangeContext {
    /// Whether the client may be told of another object.
    public func mayTell(_ typeName: TypeName, _ key: ByteString) -> Bool {
        request.authorization?.sees(ObjectID(typeName, key), in: view) ?? true
    }

    /// Whether the client says something of a field by itself, be it that the field is what it was. Of an object that is sent as
    /// a whole nobody can tell.
    public func names(_ field: String) -> Bool {
        intent?.pointers.contains { $0.tokens.first?.hasSameUTF8(as: field) ?? false } ?? false
    }

    /// Where a check of the change begins: no problems yet.
    var findings: Findings { Findings(key: key, refusesDanglingNames: refusesDanglingNames) }
}

/// The problems that a check found.
public struct Findings: Sendable {
    /// Problems that refuse the write with a `ValidationError`.
    public private(set) var invalid: [String] = []
    /// Problems that let the object be stored, but unavailable.
    public private(set) var unavailable: [String] = []

    /// Names that lead nowhere, among the problems that let the object be stored: what loading a pack tells of it. Without the
    /// object's key (C §14.2).
    public private(set) var danglingNames: [String] = []
    /// What an upload that brings the object is refused with, because names in it lead nowhere (C §14.2).
    public private(set) var refusals: [String] = []

    private let key: String
    private let refusesDanglingNames: Bool

    fileprivate init(key: String, refusesDanglingNames: Bool) {
        self.key = key
        self.refusesDanglingNames = refusesDanglingNames
    }

    /// The object itself is wrong: the message is prefixed by its key (C §4.5).
    public mutating func addError(_ message: String) { invalid.append("\(key): \(message)") }

    /// The write is refused; the message stands as it is.
    public mutating func addRefusal(_ message: String) { invalid.append(message) }

    /// The object can be stored but not used, for a reason within itself: prefixed by its key.
    public mutating func addUnavailable(_ message: String) { unavailable.append("\(key): \(message)") }

    /// The object can be stored but not used; the message stands as it is.
    public mutating func addMissing(_ message: String) { unavailable.append(message) }

    /// A name that leads nowhere: the object can be stored but not used.
    ///
    /// - Parameter refusal: what an upload is refused with that brings the object; nil if it is taken with a warning.
    public mutating func addDangling(_ message: String, refusal: String? = nil) {
        addUnavailable(message)
        noteDangling(message)
        if let refusal { refusals.append(refusal) }
    }

    /// Remembers that a problem is a name that leads nowhere.
    public mutating func noteDangling(_ message: String) { danglingNames.append(message) }

    /// A name that leads nowhere, in a type that may not be written with one (C §6).
    ///
    /// - Parameter onObject: prefixes the message with the object's key.
    public mutating func dangling(_ message: String, onObject: Bool = false) {
        let text = onObject ? "\(key): \(message)" : message
        if refusesDanglingNames { invalid.append(text) } else { unavailable.append(text) }
    }
}
