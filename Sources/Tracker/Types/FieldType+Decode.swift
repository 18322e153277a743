import Basics
public import JSON

/// Why an input does not fit a schema, as data: a domain's ``Conventions`` have the words.
public struct FieldTypeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was found.
    public enum Found: Sendable {
        /// A value of another kind, called as JSON calls it.
        case kind(String)
        /// A number that is not whole, or too large.
        case number(JSONNumber)
        /// A text that does not have the field's form.
        case text(String)
    }

    /// The names of the schema and of the members that lead to the value, between points.
    public let path: String
    /// What the value should be.
    public let expected: FieldType
    /// What it is.
    public let found: Found

    /// Whether both say the same.
    public static func == (left: FieldTypeError, right: FieldTypeError) -> Bool {
        left.description.hasSameUTF8(as: right.description)
    }

    /// Feeds what equality compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(Identifier(description)) }

    /// The error in the kernel's own words.
    public var description: String {
        switch found {
        case .kind(let kind): "\(path) cannot be a \(kind)"
        case .number(let number): "\(path) cannot be the number \(number)"
        case .text(let text): "\(path) cannot be `\(text.prefix(100))`"
        }
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
    ///
    /// - Parameter work: counts a step for each member and element.
    func decode(
        _ value: JSONValue, at path: String, _ work: inout StepBudget
    ) throws(FieldTypeError) -> JSONValue {
        work.spend()
        if value.isNull { return zero }
        switch (self, value) {
        case (.any, _), (.string, .string), (.boolean, .bool): return value
        case (.integer, .number(let number)), (.byte, .number(let number)): return try decode(number, at: path)
        case (.hardwareAddress, .string(let text)): return .string(MACAddress.canonical(text))
        case (.list(let element), .array(let values)):
            var admitted: [JSONValue] = []
            admitted.reserveCapacity(values.count)
            for value in values { admitted.append(try element.decode(value, at: path, &work)) }
            return .array(admitted)
        case (.map(.any), .object): return value
        case (.map(let element), .object(let members)):
            var admitted: [(String, JSONValue)] = []
            for (key, value) in members { admitted.append((key, try element.decode(value, at: path, &work))) }
            return .object(JSONObject(admitted))
        case (.record(let record), .object(let members)): return .object(try record.decode(members, at: path, &work))
        case (.time, .string(let text)), (.address, .string(let text)), (.uuid, .string(let text)),
            (.bytes, .string(let text)):
            return try decode(text, at: path)
        default: throw FieldTypeError(path: path, expected: self, found: .kind(value.kindName))
        }
    }

    private func decode(_ number: JSONNumber, at path: String) throws(FieldTypeError) -> JSONValue {
        let range = if case .byte = self { 0...255 } else { Int.min...Int.max }
        guard let whole = number.intValue, range.contains(whole) else {
            throw FieldTypeError(path: path, expected: self, found: .number(number))
        }
        return .number(number)
    }

    private func decode(_ text: String, at path: String) throws(FieldTypeError) -> JSONValue {
        if text.isEmpty { return zero }
        guard let canonical = canonical(text) else {
            throw FieldTypeError(path: path, expected: self, found: .text(text))
        }
        return .string(canonical)
    }

    /// The text as objects have it; nil if it does not have the form.
    private func canonical(_ text: String) -> String? {
        switch self {
        case .time: Timestamp(rfc3339: text)?.description
        case .address: IPAddress(text)?.description
        case .uuid: UUIDText.canonical(text)
        default: Base64.decode(text) == nil ? nil : text
        }
    }
}

extension JSONValue {
    fileprivate var isString: Bool { if case .string = self { true } else { false } }
}
