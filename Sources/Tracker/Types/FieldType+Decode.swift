import Basics
import JSON

/// Why an input does not fit a shape; the text is that of Go's JSON decoder, which clients already know.
public struct FieldTypeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The decoder's sentence.
    public let description: String

    static func mismatch(_ value: JSONValue, _ shape: FieldType, at path: String) -> FieldTypeError {
        FieldTypeError(
            description: "json: cannot unmarshal \(value.kindName) into Go struct field \(path) of type \(shape.goName)"
        )
    }
}

extension Field {
    /// The value to keep for what the client sent, or nil when the field is to be left out.
    func filled(_ value: JSONValue?) -> JSONValue? {
        guard let value else {
            // Not `omitsEmpty ? nil : initial`: there, nil would be the JSON value null.
            if omitsEmpty { return nil }
            return initial
        }
        let isZero = value == zero
        if omitsEmpty && isZero { return nil }
        return isZero ? initial : value
    }
}

extension FieldType {
    /// Whether `value` is seen at a glance to be of this shape in canonical form.
    func isPlain(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.string, .string), (.boolean, .bool), (.any, _), (.map(.any), .object): true
        case (.integer, .number(let number)): number.intValue != nil
        case (.list(.string), .array(let values)): values.allSatisfy(\.isString)
        case (.list, .array(let values)): values.isEmpty
        case (.map, .object(let members)): members.isEmpty
        case (.address, .string(let text)), (.hardwareAddress, .string(let text)), (.uuid, .string(let text)),
            (.bytes, .string(let text)):
            text.isEmpty
        default: false
        }
    }

    /// The canonical form of `value` in this shape.
    func decode(_ value: JSONValue, at path: String) throws(FieldTypeError) -> JSONValue {
        if value.isNull { return zero }
        switch (self, value) {
        case (.any, _), (.string, .string), (.boolean, .bool): return value
        case (.integer, .number(let number)), (.byte, .number(let number)): return try decode(number, at: path)
        case (.hardwareAddress, .string(let text)): return .string(MACAddress.canonical(text))
        case (.list(let element), .array(let values)):
            var admitted: [JSONValue] = []
            admitted.reserveCapacity(values.count)
            for value in values { admitted.append(try element.decode(value, at: path)) }
            return .array(admitted)
        case (.map(.any), .object): return value
        case (.map(let element), .object(let members)):
            var admitted: [(String, JSONValue)] = []
            for (key, value) in members { admitted.append((key, try element.decode(value, at: path))) }
            return .object(JSONObject(admitted))
        case (.record(let record), .object(let members)): return .object(try record.decode(members, at: path))
        case (.time, .string(let text)), (.address, .string(let text)), (.uuid, .string(let text)),
            (.bytes, .string(let text)):
            return try decode(text, at: path)
        default: throw .mismatch(value, self, at: path)
        }
    }

    private func decode(_ number: JSONNumber, at path: String) throws(FieldTypeError) -> JSONValue {
        let range = if case .byte = self { 0...255 } else { Int.min...Int.max }
        guard let whole = number.intValue, range.contains(whole) else {
            throw FieldTypeError(
                description: "json: cannot unmarshal number \(number) into Go struct field \(path) of type \(goName)")
        }
        return .number(number)
    }

    private func decode(_ text: String, at path: String) throws(FieldTypeError) -> JSONValue {
        if text.isEmpty { return zero }
        switch self {
        case .time:
            guard let time = Timestamp(rfc3339: text) else {
                throw FieldTypeError(
                    description: "\(path): parsing time \"\(text)\" as \"2006-01-02T15:04:05Z07:00\": cannot parse it")
            }
            return .string(time.description)
        case .address:
            guard let address = IPAddress(text) else {
                throw FieldTypeError(description: "\(path): invalid IP address: \(text)")
            }
            return .string(address.description)
        case .uuid:
            guard let uuid = UUIDText.canonical(text) else {
                throw FieldTypeError(description: "\(path): invalid UUID: \(text)")
            }
            return .string(uuid)
        default:
            guard Base64.decode(text) != nil else {
                throw FieldTypeError(description: "\(path): illegal base64 data in `\(text.prefix(40))`")
            }
            return .string(text)
        }
    }
}

extension JSONValue {
    fileprivate var isString: Bool { if case .string = self { true } else { false } }
}
