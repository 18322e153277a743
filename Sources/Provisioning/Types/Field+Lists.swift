import Tracker

/// Several fields of one shape at once: most types have many texts.
extension Field {
    /// Text fields.
    static func texts(_ names: String...) -> [Field] { names.map { Field($0, .string) } }

    /// Text fields that are left out while they are empty.
    static func optionalTexts(_ names: String...) -> [Field] { names.map { Field($0, .string, omitsEmpty: true) } }

    /// Boolean fields.
    static func flags(_ names: String...) -> [Field] { names.map { Field($0, .boolean) } }

    /// Whole numbers.
    static func integers(_ names: String...) -> [Field] { names.map { Field($0, .integer) } }

    /// IP addresses.
    static func addresses(_ names: String...) -> [Field] { names.map { Field($0, .address) } }

    /// Lists of texts.
    static func lists(_ names: String...) -> [Field] { names.map { Field($0, .list(.string)) } }

    /// What people call an object and say of it.
    static let description = texts("Description", "Documentation")

    /// The params set on an object itself.
    static let params = [Field("Params", .map(.any))]
}
