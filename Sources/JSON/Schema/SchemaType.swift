/// The names of the types a schema can ask for.
enum SchemaType: String, Sendable, CaseIterable {
    case array, boolean, integer, number, null, object, string

    /// Whether a value is of this type; whole numbers are of two.
    func includes(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.array, .array), (.boolean, .bool), (.number, .number), (.null, .null), (.object, .object),
            (.string, .string):
            true
        case (.integer, .number(let number)): number.isInteger
        default: false
        }
    }

    /// The narrowest type of a value.
    static func given(_ value: JSONValue) -> SchemaType {
        switch value {
        case .null: .null
        case .bool: .boolean
        case .number(let number): number.isInteger ? .integer : .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }
}
