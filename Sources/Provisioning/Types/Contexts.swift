import Tracker

extension ObjectType {
    /// Contexts: where tasks run, when not on the machine itself (C §5.1).
    static let contexts = ObjectType(
        "contexts", ObjectSchema("Context", Field.common + Field.description + Field.texts("Name", "Image", "Engine")),
        key: .text("Name"), indexes: [.name])
}
