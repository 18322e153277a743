public import JSON

/// Says whether a client may do what its operations do. The draft asks it, for single writes, change sets, undo and packs
/// alike, against the state right before each operation; what rules then change by themselves it is not asked about.
///
/// The tracker knows no rights: it tells what happens, and whoever makes the request brings the judge along.
public protocol WriteAuthorization: Sendable {
    /// Whether the client may know what becomes of an operation on the object that `path` means. Asked before anything about
    /// the object is told: its existence, its validator, whether a patch applies to it.
    ///
    /// - Throws: `denied`, or, in the same words, `notFound` of an object that is not there and `hidden` of one that the
    ///   client may not get.
    func admit(_ intent: WriteIntent, _ type: ObjectType, at path: String, in view: Snapshot) throws(TrackerError)

    /// Whether the client may do what an operation does.
    ///
    /// - Throws: `denied`; `invalid` when what the client wrote names something that it may not use.
    func authorize(_ write: ClientWrite, in view: Snapshot) throws(TrackerError)

    /// Whether the client may put a pack on the stack, replace it or take it off.
    ///
    /// - Throws: as `authorize(_:in:)`.
    func authorize(_ write: PackWrite, in view: Snapshot) throws(TrackerError)

    /// Whether the client may know of the object `id`.
    func sees(_ id: ObjectID, in view: Snapshot) -> Bool
}

/// What a client's operation says that it does to an object; rights are named after it (C §11.3).
public enum WriteIntent: Sendable {
    /// Makes it.
    case create
    /// Puts another in its place.
    case replace
    /// Changes what a patch points to; its pointers begin at the member `below`, or at the object itself if that is empty.
    case patch(JSONPatch, below: String = "")
    /// Sets or removes the one part that a pointer leads to.
    case part(JSONPointer)
    /// Removes it.
    case remove
    /// Makes it what it was before a commit.
    case restore
}

extension WriteIntent {
    /// Where a patch changes the object; a move does so at both of its ends.
    public var pointers: [JSONPointer] {
        guard case .patch(let patch, let below) = self else { return [] }
        let start = below.isEmpty ? [] : [below]
        return patch.operations.flatMap(Self.changed).map { JSONPointer(tokens: start + $0.tokens) }
    }

    private static func changed(_ operation: JSONPatch.Operation) -> [JSONPointer] {
        switch operation {
        case .test: []
        case .move(let from, let path): [from, path]
        case .add(let path, _), .remove(let path), .replace(let path, _), .copy(_, let path): [path]
        }
    }
}

/// What one operation of a client does to one object.
public struct ClientWrite: Sendable {
    /// What the operation says that it does.
    public let intent: WriteIntent
    /// The object's type.
    public let type: ObjectType
    /// The object's key as the client gave it; empty where the object itself has it.
    public let path: String
    /// The object right before the operation; nil if there is none.
    public let before: StoredObject?
    /// The members of `before`.
    public let previous: JSONObject?
    /// The object that the client wants, admitted, before any rule has touched it. Of a removal, what shows again; nil where
    /// there will be none, and of a patch that does not apply.
    public let after: JSONObject?

    /// A write.
    public init(
        _ intent: WriteIntent, _ type: ObjectType, at path: String, over before: StoredObject?, previous: JSONObject?,
        after: JSONObject?
    ) {
        (self.intent, self.type, self.path, self.before) = (intent, type, path, before)
        (self.previous, self.after) = (previous, after)
    }
}

/// What one operation of a client does to the stack of packs.
public struct PackWrite: Sendable {
    /// The pack's name.
    public let name: String
    /// The pack on the stack; nil if there is none of the name.
    public let before: Layer?
    /// The pack that takes its place; nil for none.
    public let after: Layer?
    /// Whether written objects that the pack holds too are removed.
    public let replacesWritable: Bool
}

extension Draft {
    /// Asks whether the client may know what becomes of an operation.
    func admit(_ intent: WriteIntent, _ type: ObjectType, at path: String) throws(TrackerError) {
        try request.authorization?.admit(intent, type, at: path, in: view)
    }

    /// Asks whether the client may do what an operation does.
    func authorize(
        _ intent: WriteIntent, _ type: ObjectType, at path: String, over before: StoredObject?, previous: JSONObject?,
        after: JSONObject?
    ) throws(TrackerError) {
        guard let authorization = request.authorization else { return }
        let write = ClientWrite(intent, type, at: path, over: before, previous: previous, after: after)
        try authorization.authorize(write, in: view)
    }

    /// Asks whether the client may change the stack of packs so.
    func authorize(pack name: String, _ after: Layer?, replacingWritable: Bool = false) throws(TrackerError) {
        guard let authorization = request.authorization else { return }
        let write = PackWrite(
            name: name, before: view.stack[name], after: after, replacesWritable: replacingWritable)
        try authorization.authorize(write, in: view)
    }
}
