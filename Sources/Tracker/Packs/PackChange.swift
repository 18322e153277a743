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
