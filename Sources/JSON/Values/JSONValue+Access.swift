extension JSONValue {
    /// What sort of value this is.
    public var kind: JSONKind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The sort of value, as a word for messages: `null`, `bool`, `number`, `string`, `array` or `object`.
    public var kindName: String { kind.rawValue }

    /// Whether this is `null`.
    public var isNull: Bool { kind == .null }

    /// The value of a boolean, nil for anything else.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The text of a string, nil for anything else.
    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// A number, nil for anything else.
    public var numberValue: JSONNumber? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The value of an integral number that fits `Int`, nil for anything else.
    public var intValue: Int? { numberValue?.intValue }

    /// The nearest `Double` of a number, nil for anything else.
    public var doubleValue: Double? { numberValue?.doubleValue }

    /// The elements of an array, nil for anything else.
    public var arrayValue: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// The members of an object, nil for anything else.
    public var objectValue: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// The member named `key`; nil when it is missing or when this is no object.
    public subscript(_ key: String) -> JSONValue? { objectValue?[key] }
}
