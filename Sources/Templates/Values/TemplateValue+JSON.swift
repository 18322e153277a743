import Basics
public import JSON

extension TemplateValue {
    /// A value of JSON as Go decodes one whose type it does not know: all numbers become floating-point numbers. The members
    /// of objects are converted when they are asked for.
    public init(_ json: JSONValue) {
        switch json {
        case .null: self = .nil
        case .bool(let value): self = .bool(value)
        case .number(let number): self = .float(number.doubleValue)
        case .string(let text): self = .string(text)
        case .array(let values): self = .list(TemplateList(values.map { TemplateValue($0) }))
        case .object(let object): self = .map(TemplateMap(object))
        }
    }
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByDictionaryLiteral
{
    /// Text written in source.
    public init(stringLiteral value: String) { self = .string(value) }

    /// A truth value written in source.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// An `int` written in source.
    public init(integerLiteral value: Int) { self = .int(value) }

    /// A map of anything written in source.
    public init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self = .map(TemplateMap(Dictionary(elements.map { (Identifier($0.0), $0.1) }) { $1 }))
    }

    /// A `float64` written in source.
    public init(floatLiteral value: Double) { self = .float(value) }
}
