import Tracker

extension ObjectType {
    /// Params: what the values of a name must look like (C §5.1).
    static let params = ObjectType(
        "params",
        ObjectSchema(
            "Param",
            Field.common + Field.description + Field.texts("Name") + Field.flags("Secure") + [Field("Schema", .any)]),
        key: .text("Name"), indexes: [.name, .flag("Secure")], rules: ParamRules())
}
