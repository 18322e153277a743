import Tracker

extension ObjectType {
    /// Templates that bootenvs, stages and tasks share (C §5.1).
    static let templates = ObjectType(
        "templates", ObjectSchema("Template", Field.common + Field.texts("ID", "Description", "Contents")),
        key: .text("ID"), indexes: [IndexDeclaration("ID", .string, isUnique: true, hasRegex: true)],
        rules: TemplateRules())
}
