import Tracker

extension ObjectType {
    /// Preferences as objects; clients know them as a map of their own (C §13).
    static let preferences = ObjectType(
        "preferences", Record("Pref", Field.meta + Field.texts("Name", "Val")), key: .text("Name"),
        traits: [.listed, .internalOnly])
}
