/// Something of the embedding program that templates may look into: its fields, and methods with arguments.
public protocol TemplateObject {
    /// The type as Go spells it; one that begins with `*` is shown as a pointer.
    var typeName: String { get }

    /// The names of the fields in the order in which they are shown.
    var fieldNames: [String] { get }

    /// The text that stands for the object; nil shows its fields.
    var text: String? { get }

    /// The field or method of a name; nil when there is none. Methods go before fields.
    func member(_ name: String) -> TemplateMember?

    /// Calls a method, whose arguments are checked already.
    func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue
}

extension TemplateObject {
    /// No fields.
    public var fieldNames: [String] { [] }

    /// None: the fields are shown.
    public var text: String? { nil }

    /// Fails: there are no methods.
    public func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        throw TemplateFailure("\(typeName) has no method \(method)")
    }
}

/// What a name stands for in an object.
public enum TemplateMember {
    /// A field, with its value and whether it is declared as an interface.
    case field(TemplateValue, isInterface: Bool = false)

    /// A method.
    case method(TemplateSignature)
}

/// The parameters and the result of a function or method.
public struct TemplateSignature: Sendable {
    /// The types of the parameters that must be given.
    public let parameters: [GoType]

    /// The type of any number of further arguments; nil when there are none.
    public let variadic: GoType?

    /// Whether the result is declared as an interface.
    public let isInterface: Bool

    /// A signature.
    public init(_ parameters: [GoType] = [], variadic: GoType? = nil, isInterface: Bool = false) {
        self.parameters = parameters
        self.variadic = variadic
        self.isInterface = isInterface
    }

    /// The type of an argument.
    func type(at index: Int) -> GoType {
        index < parameters.count ? parameters[index] : variadic ?? .any
    }
}
