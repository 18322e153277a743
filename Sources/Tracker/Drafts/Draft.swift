public import Basics
import JSON
import Store

/// A change in the making: the newest state with the request's own changes on top.
///
/// Every write to the tracker, whatever its entry, is a series of calls on a draft. What throws leaves the draft unfit for
/// further use; the tracker drops it and nothing has happened.
public struct Draft: Sendable {
    /// The state with all changes so far.
    public internal(set) var view: Snapshot
    /// On whose behalf.
    public let request: TrackerRequest
    /// Time and randomness.
    public let environment: Environment

    /// The net changes so far.
    var changeList = ChangeList()
    /// How often anything was changed so far.
    var recordCount = 0
    /// The sequences that went on, and how far.
    var raisedNumbers: [TypeName: Int64] = [:]
    /// What was done to packs, by name.
    var packs: [Identifier: PackChange] = [:]
    /// What is written in the same transaction and is no object: forgotten history, answers no longer kept.
    var extra = WriteBatch()
    /// What it does to side data.
    var side = SideChanges()
    /// Objects that must be checked again because of changes to others; each once, in order of arrival.
    var worklist = Worklist()

    /// Whether objects of the writable layer are left alone when something they refer to changes: while packs are loaded at
    /// start, what changed since the last run is not known yet.
    var sparesWritable = false

    /// Whether what changes now is what a commit changed, as it was before that.
    var isRestoring = false

    /// The number of the state that it is made over.
    let base: Revision
    /// The number that the commit is to have.
    var revision: Revision

    init(over base: consuming Snapshot, request: TrackerRequest, environment: Environment) {
        self.base = base.revision
        revision = base.revision.next
        base.revision = revision
        view = base
        self.request = request
        self.environment = environment
    }

    /// The declaration of `typeName`.
    ///
    /// - Throws: `notFound` when there is no such type.
    public func type(_ typeName: TypeName) throws(TrackerError) -> ObjectType {
        guard let type = view.catalog[typeName] else { throw .notFound(typeName, "") }
        return type
    }

    /// The object that a key in a URL means.
    ///
    /// - Throws: `notFound`, with the key as it was given.
    public func object(_ typeName: TypeName, at path: String) throws(TrackerError) -> StoredObject {
        guard let object = view.resolve(typeName, path) else { throw try type(typeName).notFound(path) }
        return object
    }

    /// What rules may know of a change to an object of `type`.
    func context(
        _ action: ChangeContext.Action, _ type: ObjectType, key: String, previous: JSONObject?
    ) -> ChangeContext {
        ChangeContext(
            action: action, type: type, key: key, previous: previous, view: view, request: request,
            environment: environment)
    }
}

/// Objects waiting to be checked again, each of them once at a time, in the order of arrival.
struct Worklist: Sendable {
    /// How often one object is checked in one commit, at the most. More often comes only what depends on itself, by rules that
    /// contradict each other.
    static let visitLimit = 256

    private var queue: [ObjectID] = []
    private var waiting: Set<ObjectID> = []
    private var visits: [ObjectID: Int] = [:]
    private var next = 0

    mutating func add(_ id: ObjectID) {
        if waiting.insert(id).inserted { queue.append(id) }
    }

    /// The next object; nil if none waits.
    ///
    /// - Throws: `overBudget` when it comes back too often.
    mutating func take() throws(TrackerError) -> ObjectID? {
        guard next < queue.count else { return nil }
        let id = queue[next]
        next += 1
        waiting.remove(id)
        visits[id, default: 0] += 1
        guard visits[id, default: 0] <= Self.visitLimit else {
            let message =
                "It was checked \(Self.visitLimit) times in one change, and is never done: "
                + "what it refers to depends on it in turn. Break that circle"
            throw TrackerError(.overBudget, id.typeName, key: id.key.string, message)
        }
        return id
    }
}
