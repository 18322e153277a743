/// What one commit did to one object.
public struct ObjectChange: Sendable {
    /// Which object.
    public let id: ObjectID
    /// The object before, nil if it did not exist.
    public let before: StoredObject?
    /// The object after, nil if it no longer exists.
    public private(set) var after: StoredObject?
    /// The word that events use for it.
    public let action: Action

    /// The words of C §12.
    public enum Action: String, Sendable {
        /// It came into being.
        case create
        /// A client changed it.
        case update
        /// The server changed it on account of something else.
        case save
        /// It is gone.
        case delete
    }
}

/// The changes of a draft: one an object, however often the object was touched.
struct ChangeList: Sendable {
    /// Where each object's change is; made when there are more than a few, which are found faster one by one.
    private var positions: [ObjectID: Int] = [:]
    private var slots: [ObjectChange?] = []

    private static let few = 8

    /// The net changes, in the order in which the objects were first touched.
    var changes: [ObjectChange] { slots.compactMap { $0 } }

    /// Adds a change to what is already known of its object.
    mutating func record(_ change: ObjectChange) {
        guard let position = position(of: change.id), let earlier = slots[position] else { return append(change) }
        slots[position] = earlier.followed(by: change)
    }

    private mutating func append(_ change: ObjectChange) {
        slots.append(change)
        if slots.count == Self.few + 1 {
            for (position, slot) in slots.enumerated() { if let slot { positions[slot.id] = position } }
        } else if slots.count > Self.few {
            positions[change.id] = slots.count - 1
        }
    }

    /// Where the change of an object is; nil if there is none, or if changes came to nothing.
    private func position(of id: ObjectID) -> Int? {
        slots.count > Self.few ? positions[id] : slots.firstIndex { $0?.id == id }
    }

    /// Has all changes be of the commit `revision`.
    mutating func restamp(_ revision: Revision) {
        for position in slots.indices { slots[position]?.restamp(revision) }
    }

    /// Whether the object was changed by this draft so far.
    func contains(_ id: ObjectID) -> Bool { position(of: id).map { slots[$0] != nil } ?? false }
}

extension ObjectChange {
    fileprivate mutating func restamp(_ revision: Revision) {
        after = after.map {
            StoredObject(key: $0.key, document: $0.document, revision: revision, layer: $0.layer)
        }
    }

    /// The one change that has the effect of this and then `later`; nil if together they do nothing.
    fileprivate func followed(by later: ObjectChange) -> ObjectChange? {
        let action: Action
        switch (before == nil, later.after == nil) {
        case (true, true): return nil
        case (true, false): action = .create
        case (false, true): action = .delete
        case (false, false): action = self.action == .save ? (later.action == .save ? .save : .update) : .update
        }
        return ObjectChange(id: id, before: before, after: later.after, action: action)
    }
}

/// What one commit did to one content pack.
struct PackChange: Sendable {
    /// The pack before, nil if it was not on the stack.
    let before: Layer?
    /// The pack after, nil if it is no longer on the stack.
    let after: Layer?

    /// The one change that has the effect of this and then `later`.
    func followed(by later: PackChange) -> PackChange { PackChange(before: before, after: later.after) }

    /// The word for it.
    var action: ObjectChange.Action { before == nil ? .create : after == nil ? .delete : .update }
}
