import Basics
import JSON
import Templates

/// The object that `Tests/Corpus/templates/oracle.go` gives to Go's templates, with typed fields and with methods.
struct SampleObject: TemplateObject {
    let json: JSONValue

    let typeName = "*main.object"
    let fieldNames = ["Name", "Count", "Size", "Ratio", "Ready", "Tags", "Meta", "Params", "Any", "Inner", "Items"]

    private static let methods: [Identifier: TemplateSignature] = [
        "Param": TemplateSignature([.string], isInterface: true),
        "Has": TemplateSignature([.string]),
        "Join": TemplateSignature([.string], variadic: .string),
        "Sum": TemplateSignature([.int, .int64]),
        "Half": TemplateSignature([.float64]),
        "Not": TemplateSignature([.bool]),
        "Size8": TemplateSignature([.unsigned(.uint8)]),
        "Show": TemplateSignature([.any], isInterface: true),
        "Keys": TemplateSignature([.anyMap]),
        "Fail": TemplateSignature(),
        "Self": TemplateSignature(),
    ]

    func member(_ name: String) -> TemplateMember? {
        if let signature = Self.methods[Identifier(name)] { return .method(signature) }
        let value = json[name] ?? .null
        switch name {
        case "Name": return .field(.string(value.stringValue ?? ""))
        case "Count": return .field(.int(value.intValue ?? 0))
        case "Size": return .field(.unsigned(UInt64(value.intValue ?? 0), .uint64))
        case "Ratio": return .field(.float(value.doubleValue ?? 0))
        case "Ready": return .field(.bool(value.boolValue ?? false))
        case "Tags": return .field(.strings((value.arrayValue ?? []).compactMap(\.stringValue)))
        case "Meta": return .field(texts(of: value))
        case "Params": return .field(TemplateValue(value))
        case "Any": return .field(TemplateValue(value), isInterface: true)
        case "Inner": return .field(.object(SampleInner(json: value)))
        case "Items":
            let items = (value.arrayValue ?? []).map { TemplateValue.object(SampleInner(json: $0)) }
            return .field(.list(TemplateList(items, of: .named("main.inner"))))
        default: return nil
        }
    }

    func call(
        _ method: String, _ arguments: [TemplateValue], _ context: inout TemplateContext
    ) throws(TemplateFailure) -> TemplateValue {
        let params = json["Params"] ?? .null
        switch (method, arguments.first, arguments.last) {
        case ("Param", .string(let key)?, _):
            guard let value = params[key] else { throw TemplateFailure("no such param: \(key)") }
            return TemplateValue(value)
        case ("Has", .string(let key)?, _): return .bool(params[key] != nil)
        case ("Join", .string(let separator)?, _):
            return .string(arguments.dropFirst().compactMap(text).joined(separator: separator))
        case ("Sum", .integer(let a, _)?, .integer(let b, _)?): return .integer(a &+ b, .int)
        case ("Half", .float(let number)?, _): return .float(number / 2)
        case ("Not", .bool(let flag)?, _): return .bool(!flag)
        case ("Size8", let size?, _), ("Show", let size?, _): return size
        case ("Keys", .map(let map)?, _): return .int(map.count)
        case ("Self", _, _): return .object(self)
        default: throw TemplateFailure("it failed")
        }
    }

    private func text(_ value: TemplateValue) -> String? {
        if case .string(let text) = value { text } else { nil }
    }
}

/// A struct without methods inside of a ``SampleObject``.
struct SampleInner: TemplateObject {
    let json: JSONValue

    let typeName = "main.inner"
    let fieldNames = ["Label", "Count", "Flags"]

    func member(_ name: String) -> TemplateMember? {
        let value = json[name] ?? .null
        switch name {
        case "Label": return .field(.string(value.stringValue ?? ""))
        case "Count": return .field(.int(value.intValue ?? 0))
        case "Flags": return .field(texts(of: value))
        default: return nil
        }
    }
}

/// A map of strings to strings.
private func texts(of value: JSONValue) -> TemplateValue {
    guard !value.isNull else { return .map(TemplateMap(nilOf: .string)) }
    let members = (value.objectValue?.members ?? []).map { (Identifier($0.key), TemplateValue($0.value)) }
    return .map(TemplateMap(Dictionary(uniqueKeysWithValues: members), of: .string))
}
