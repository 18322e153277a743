import Tracker

/// The shapes that occur inside objects (C §5).
extension ObjectSchema {
    /// One file or script of a bootenv, stage or task.
    static let templateInfo = ObjectSchema(
        "TemplateInfo",
        Field.texts("Name", "Path", "Link", "ID", "Contents") + [Field("Meta", .map(.string))])

    /// One DHCP option; its value is a template.
    static let dhcpOption = ObjectSchema("DhcpOption", [Field("Code", .byte), Field("Value", .string)])

    /// One right: what may be done to which objects.
    static let claim = ObjectSchema("Claim", Field.texts("scope", "action", "specific"))

    /// One part of an endpoint's software or content.
    static let element = ObjectSchema("Element", elementFields)

    /// What is to be done about such a part.
    static let elementAction = ObjectSchema(
        "ElementAction", elementFields + [Field("Action", .string), Field("Value", .any)])

    private static let elementFields = Field.texts("Type", "Version", "Name", "ActualVersion")
}

extension FieldType {
    /// The templates of a bootenv, stage or task.
    static let templates = FieldType.list(.record(.templateInfo))
    /// DHCP options.
    static let options = FieldType.list(.record(.dhcpOption))
    /// Rights.
    static let claims = FieldType.list(.record(.claim))
}
