public import JSON

/// What else comes of a change to an object of a type: further changes, in the same revision.
///
/// Unlike ``ObjectRules``, which judge and change nothing but the object itself, effects write to the draft, and may so change
/// any object. A type has any number of them; they come in the order in which they were added.
public protocol DraftEffects: Sendable {
    /// The types that the effects look at beside those that they change.
    var looksAt: [TypeName] { get }

    /// Whether they follow a change too that is taken back or brought back (undo). What came of the change then was in the same
    /// commit and comes with it, so effects that count or that begin something must not.
    var followsRestorations: Bool { get }

    /// Changes the object before it is checked, and others with it: seals what must not be kept in clear. Called for all
    /// that brings an object in: clients, the server, undoing, and packs, once what they bring shows.
    func prepare(_ object: inout JSONObject, _ change: ChangeContext, in draft: inout Draft) throws(TrackerError)

    /// Makes the further changes that this one entails (a tenant's member list, say).
    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError)
}

extension DraftEffects {
    /// No others.
    public var looksAt: [TypeName] { [] }
    /// They do: what they keep up holds for whatever comes back.
    public var followsRestorations: Bool { true }
    /// Nothing to change.
    public func prepare(
        _ object: inout JSONObject, _ change: ChangeContext, in draft: inout Draft
    ) throws(TrackerError) {}
    /// Nothing follows.
    public func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {}
}

extension ObjectType {
    /// Has the type's effects change an object before it is checked.
    func prepare(
        _ object: inout JSONObject, _ change: ChangeContext, in draft: inout Draft
    ) throws(TrackerError) {
        for effect in effects { try effect.prepare(&object, change, in: &draft) }
    }

    /// Has the type's effects make the changes that one entails.
    func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        for effect in effects where !draft.isRestoring || effect.followsRestorations {
            try effect.follow(change, in: &draft)
        }
    }
}
