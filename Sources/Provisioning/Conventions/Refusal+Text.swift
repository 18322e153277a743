import Basics
import JSON
public import Tracker

extension Refusal {
    /// The refusal in the words that clients of dr-provision know (C §3, §7.2, §14.2).
    var provisioningText: String {
        switch self {
        case .emptyKey: "Empty key not allowed"
        case .alreadyExists: "already exists"
        case .keyChanged(let type, let old, let new): "\(type): Key change from \(old) to \(new) not allowed"
        case .readOnly(let key, let isOverwritable): isOverwritable ? "readonly: \(key)" : key
        case .undecodable(let error): error.goText
        case .noObject(let value, let schema):
            "json: cannot unmarshal \(value.kindName) into Go value of type models.\(schema)"
        case .patchFailed(let index, let reason): "Patch error at line \(index): \(reason)"
        case .failedPatch(let patch): "Patch: \(patch.prettyText())"
        case .unknownIndex(let name): "No such index: \(name)"
        case .unsortableIndex(let name): "Not sortable: \(name)"
        case .patternlessIndex(let name): "\(name) does not support regex"
        case .badOperand(let text, let index, let kind): kind.refusal(of: text, index)
        case .badCount(let argument, let text): "\(argumentTitle(argument)) must be a whole number, not `\(text)`"
        case .negativeCount(let argument): "\(argumentTitle(argument)) cannot be negative"
        case .packOverrides(let id, let layer, let other):
            "\(id.typeName):\(id.key) in layer \(layer.title) would override layer \(other.title)"
        case .badSection(let section, let value, let pack):
            "Section \(section) of layer content-\(pack) is no object but a \(value.kindName)"
        case .badItem(let item, let section, let pack, let reason):
            "Store \(section) item \(item) failed to load from layer content-\(pack): \(reason)"
        case .badPackRemedy(let pack): "Try manually replacing content layer \(pack)"
        case .unknownPack: "No such content store"
        }
    }

    /// What texts call an argument that is a count.
    private func argumentTitle(_ name: String) -> String { name.hasSameUTF8(as: "limit") ? "Limit" : "Offset" }
}

extension FieldTypeError {
    /// The sentence of Go's JSON decoder.
    fileprivate var goText: String {
        switch found {
        case .kind(let kind): "json: cannot unmarshal \(kind) into Go struct field \(path) of type \(expected.goName)"
        case .number(let number):
            "json: cannot unmarshal number \(number) into Go struct field \(path) of type \(expected.goName)"
        case .text(let text):
            switch expected {
            case .time: "\(path): parsing time \"\(text)\" as \"2006-01-02T15:04:05Z07:00\": cannot parse it"
            case .address: "\(path): invalid IP address: \(text)"
            case .uuid: "\(path): invalid UUID: \(text)"
            default: "\(path): illegal base64 data in `\(text.prefix(40))`"
            }
        }
    }
}

extension FieldType {
    /// The Go type that dr-provision's decoder names in its messages.
    fileprivate var goName: String {
        switch self {
        case .string, .hardwareAddress: "string"
        case .boolean: "bool"
        case .integer: "int"
        case .byte: "uint8"
        case .time: "time.Time"
        case .address: "net.IP"
        case .uuid: "uuid.UUID"
        case .bytes: "[]uint8"
        case .any: "interface {}"
        case .list(let element): "[]" + element.goName
        case .map(let element): "map[string]" + element.goName
        case .record(let record): "models." + record.name
        }
    }
}

extension IndexDeclaration {
    /// What `GET /indexes` calls the kind.
    public var kindText: String {
        if let typeText { return typeText }
        return switch kind {
        case .string, .hardwareAddress: "string"
        case .boolean: "boolean"
        case .integer: "integer"
        case .uuid: "UUID string"
        case .time: "dateTime"
        case .address: "IP Address"
        case .cidr: "CIDR Address"
        case .list: "list"
        }
    }
}

extension IndexDeclaration.Kind {
    /// The refusal of a value of another kind (C §7.2); there is none that is no text.
    fileprivate func refusal(of value: String, _ name: String) -> String {
        switch self {
        case .string, .list, .hardwareAddress: ""
        case .boolean: "\(name) must be true or false"
        case .integer: "\(name) must be a whole number, not \(value)"
        case .uuid: "Invalid UUID: \(value)"
        case .time:
            "\(name) is not valid: parsing time \"\(value)\" as \"2006-01-02T15:04:05Z07:00\": "
                + "cannot parse \"\(value)\" as \"2006\""
        case .address: "Invalid Address: \(value)"
        case .cidr: "Invalid subnet CIDR: \(value)"
        }
    }
}

extension Layer {
    /// `dynamic-Name`, as messages about conflicts call it.
    fileprivate var title: String { "\(kind)-\(name)" }
}
