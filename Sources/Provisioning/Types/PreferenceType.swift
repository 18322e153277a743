import JSON
import Tracker

extension ObjectType {
    /// Preferences as objects; clients know them as a map of their own (C §13).
    static let preferences = ObjectType(
        "preferences", ObjectSchema("Pref", Field.meta + Field.texts("Name", "Val")), key: .text("Name"),
        mentions: { preference in PreferenceName.target(of: preference).map { [$0] } ?? [] },
        traits: [.listed, .internalOnly])
}

extension PreferenceName {
    /// The object that a preference names; nil for those that name none.
    fileprivate static func target(of preference: JSONObject) -> ObjectID? {
        let key = preference.text("Val")
        guard !key.isEmpty, let name = PreferenceName(named: preference.text("Name")) else { return nil }
        switch name {
        case .defaultBootEnv, .unknownBootEnv: return ObjectID("bootenvs", ByteString(key))
        case .defaultStage: return ObjectID("stages", ByteString(key))
        case .defaultWorkflow: return ObjectID("workflows", ByteString(key))
        default: return nil
        }
    }
}
