extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A boolean from `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A number from an integer literal.
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }

    /// A number from a floating point literal, which must be finite.
    public init(floatLiteral value: Double) { self = .number(JSONNumber(value)) }

    /// A string from a string literal.
    public init(stringLiteral value: String) { self = .string(value) }

    /// An array from its elements.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// An object from its members; of two members with one name the later stays.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

extension JSONValue {
    /// A number from an integer.
    public init(_ value: Int) { self = .number(JSONNumber(value)) }

    /// A string value.
    public init(_ value: String) { self = .string(value) }

    /// A boolean value.
    public init(_ value: Bool) { self = .bool(value) }

    /// An array of strings, the most common array in an object.
    public init(_ values: some Sequence<String>) { self = .array(values.map(JSONValue.string)) }
}
