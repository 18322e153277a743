import Basics
import JSON
import Templates

/// An object of the server's as templates see it: all of its fields.
struct ObjectData: TemplateObject {
    let object: JSONObject
    let typeName: String

    /// An object.
    ///
    /// - Parameter typeName: its type as Go spells it.
    init(_ object: JSONObject, typeName: String) { (self.object, self.typeName) = (object, typeName) }

    var fieldNames: [String] { object.keys }

    func member(_ name: String) -> TemplateMember? { object[name].map { .field(Self.value(of: $0)) } }

    /// A field with the type that Go's structs have for it: whole numbers, lists of texts and maps of texts are such there.
    static func value(of json: JSONValue) -> TemplateValue {
        switch json {
        case .number: return json.intValue.map { .int($0) } ?? TemplateValue(json)
        case .array(let elements):
            let texts = elements.compactMap(\.stringValue)
            return texts.count == elements.count ? .strings(texts) : TemplateValue(json)
        default: return TemplateValue(json)
        }
    }
}

extension TemplateValue {
    /// The text of an argument; empty for other values.
    var argument: String { if case .string(let text) = self { text } else { "" } }
}

extension TemplateSignature {
    /// No arguments.
    static let plain = TemplateSignature()
    /// One text.
    static let oneText = TemplateSignature([.string])
    /// One text, and a result of any type.
    static let lookUp = TemplateSignature([.string], isInterface: true)
    /// Two texts.
    static let twoTexts = TemplateSignature([.string, .string])
    /// Three texts.
    static let threeTexts = TemplateSignature([.string, .string, .string])
    /// Any number of texts.
    static let texts = TemplateSignature(variadic: .string)
}
