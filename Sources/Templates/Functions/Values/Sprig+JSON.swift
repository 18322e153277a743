import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for JSON. Without `must`, a fault gives nothing instead of an error.
    static let sprigJSON: [Identifier: TemplateFunction] = [
        "fromJson": .of(.string, isInterface: true) { values, context throws(TemplateFailure) in
            (try? JSONValue(parsing: values[0].string)).map { context.value($0) } ?? .nil
        },
        "mustFromJson": .of(.string, isInterface: true) { values, context throws(TemplateFailure) in
            do throws(JSONError) {
                return context.value(try JSONValue(parsing: values[0].string))
            } catch {
                throw TemplateFailure("\(error)")
            }
        },
        "toJson": encoder(GoJSON.Style(), isLenient: true),
        "mustToJson": encoder(GoJSON.Style()),
        "toPrettyJson": encoder(GoJSON.Style(isPretty: true), isLenient: true),
        "mustToPrettyJson": encoder(GoJSON.Style(isPretty: true)),
        "toRawJson": encoder(GoJSON.Style(isRaw: true)),
        "mustToRawJson": encoder(GoJSON.Style(isRaw: true)),
    ]

    private static func encoder(_ style: GoJSON.Style, isLenient: Bool = false) -> TemplateFunction {
        .of(.any) { values, context throws(TemplateFailure) in
            var writer = GoJSON(style: style, limits: context.limits)
            do throws(TemplateFailure) {
                defer { context.note(writer.steps) }
                try writer.write(values[0], depth: 0)
            } catch {
                guard isLenient, error.limit == nil else { throw error }
                return .string("")
            }
            try context.spend()
            return .string(writer.text)
        }
    }
}

extension TemplateContext {
    /// A value of JSON whose maps are this execution's.
    fileprivate mutating func value(_ json: JSONValue) -> TemplateValue {
        let value = TemplateValue(json)
        if case .map(let map) = value { adopt(map) }
        return value
    }
}

/// Writes values as Go's `encoding/json` does.
struct GoJSON {
    /// How values are laid out.
    struct Style {
        /// Whether lines are broken and indented by two spaces.
        var isPretty = false

        /// Whether `<`, `>` and `&` stay as they are.
        var isRaw = false
    }

    let style: Style
    let limits: TemplateLimits
    private(set) var steps = 0
    private var bytes: [UInt8] = []

    init(style: Style, limits: TemplateLimits) {
        self.style = style
        self.limits = limits
    }

    /// What was written.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes a value.
    mutating func write(_ value: TemplateValue, depth: Int) throws(TemplateFailure) {
        steps += 1
        guard depth <= limits.depth, bytes.count <= limits.output else {
            throw TemplateFailure("exceeded maximum size of output (\(limits.output) bytes)", limit: .output)
        }
        switch value {
        case _ where value.isNil: bytes += "null".utf8
        case .missing, .nil: break
        case .bool(let flag): bytes += "\(flag)".utf8
        case .integer(let number, _): bytes += "\(number)".utf8
        case .unsigned(let number, _): bytes += "\(number)".utf8
        case .float(let number):
            guard let json = JSONNumber(finite: number) else {
                throw TemplateFailure("json: unsupported value: \(GoFloat.text(number, .general))")
            }
            bytes += number == 0 && number.sign == .minus ? "-0".utf8 : json.text.utf8
        case .complex: throw TemplateFailure("json: unsupported type: complex128")
        case .string(let text): write(text)
        case .list(let list) where list.element == .unsigned(.uint8): write(Base64.encode(Array(list.text.utf8)))
        case .list(let list):
            try writeMembers(list.elements.map { (nil, $0) }, "[", "]", depth)
        case .map(let map): try writeMembers(map.sorted.map { ($0.key, $0.value) }, "{", "}", depth)
        case .object(let object): try write(object, depth: depth)
        }
    }

    private mutating func write(_ object: any TemplateObject, depth: Int) throws(TemplateFailure) {
        if let text = object.text { return write(text) }
        let fields = object.fieldNames.map { name -> (String?, TemplateValue) in
            guard case .field(let value, _)? = object.member(name) else { return (name, .nil) }
            return (name, value)
        }
        try writeMembers(fields, "{", "}", depth)
    }

    private mutating func writeMembers(
        _ members: [(name: String?, value: TemplateValue)], _ open: String, _ close: String, _ depth: Int
    ) throws(TemplateFailure) {
        bytes += open.utf8
        for (index, member) in members.enumerated() {
            if index > 0 { bytes += ",".utf8 }
            breakLine(depth + 1)
            if let name = member.name {
                write(name)
                bytes += (style.isPretty ? ": " : ":").utf8
            }
            try write(member.value, depth: depth + 1)
        }
        if !members.isEmpty { breakLine(depth) }
        bytes += close.utf8
    }

    private mutating func breakLine(_ depth: Int) {
        guard style.isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": bytes += "\\\(scalar)".utf8
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case "\0"..<" ", "\u{2028}", "\u{2029}": escape(scalar)
            case "<", ">", "&":
                if style.isRaw { bytes.append(UInt8(ascii: scalar)) } else { escape(scalar) }
            default: bytes += String(scalar).utf8
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        bytes += "\\u\(GoLiteral.hexadecimal(scalar.value, width: 4))".utf8
    }
}
