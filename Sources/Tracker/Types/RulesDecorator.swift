public import JSON

/// Rules on top of a type's own, which go on as they are. Whoever conforms writes only what is added, and calls `rules` there;
/// all else goes to them, also what `ObjectRules` may come to ask for.
public protocol RulesDecorator: ObjectRules {
    /// The rules that these are added to.
    var rules: any ObjectRules { get }
}

extension RulesDecorator {
    /// As `rules` say.
    public var looksAt: [TypeName] { rules.looksAt }

    /// As `rules` do.
    public func complete(_ object: inout JSONObject, _ change: ChangeContext) throws(TrackerError) {
        try rules.complete(&object, change)
    }

    /// As `rules` do.
    public func prepare(
        _ object: inout JSONObject, _ change: ChangeContext, in draft: inout Draft
    ) throws(TrackerError) {
        try rules.prepare(&object, change, in: &draft)
    }

    /// As `rules` do.
    public func check(_ object: JSONObject, _ change: ChangeContext, _ findings: inout Findings) {
        rules.check(object, change, &findings)
    }

    /// As `rules` do.
    public func checkRemoval(of object: JSONObject, _ change: ChangeContext) throws(TrackerError) {
        try rules.checkRemoval(of: object, change)
    }

    /// As `rules` do.
    public func follow(_ change: ObjectChange, in draft: inout Draft) throws(TrackerError) {
        try rules.follow(change, in: &draft)
    }
}
