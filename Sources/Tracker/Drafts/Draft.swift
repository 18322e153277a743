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

extension Draft {
    /// Brings the state back to what it was before the draft; nothing else of the draft means anything afterwards.
    ///
    /// - Parameter stack: the layers as they were.
    mutating func revert(to stack: LayerStack) {
        for change in changeList.changes {
            guard let position = view.catalog.position(change.id.typeName) else { continue }
            if let before = change.before {
                view.tables[position].put(before)
            } else {
                view.tables[position].remove(change.id.key)
            }
        }
        view.stack = stack
        view.revision = base
    }
}

/// Objects waiting to be checked again. One that comes back too often (names that lead in a circle) is left as it is.
struct Worklist: Sendable {
    /// How often one object is checked in one commit, at the most.
    static let visitLimit = 16

    private var queue: [ObjectID] = []
    private var waiting: Set<ObjectID> = []
    private var visits: [ObjectID: Int] = [:]
    private var next = 0

    mutating func add(_ id: ObjectID) {
        guard !waiting.contains(id), visits[id, default: 0] < Self.visitLimit else { return }
        waiting.insert(id)
        queue.append(id)
    }

    mutating func take() -> ObjectID? {
        guard next < queue.count else { return nil }
        defer { next += 1 }
        waiting.remove(queue[next])
        visits[queue[next], default: 0] += 1
        return queue[next]
    }
}
