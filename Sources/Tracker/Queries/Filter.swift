import JSON

/// One condition on the rows of a list: `Stage=discover`, `Name=Re(^web)`, `ipmi/enabled=true` (C §7.2).
///
/// A class, because a filter is made once and then asked of each row: a struct of this size would be copied for each.
public final class Filter: Sendable {
    /// What is looked at.
    enum Subject: Sendable {
        /// An index or field.
        case index(IndexDeclaration)
        /// A param's value.
        case parameter(String)
    }

    let subject: Subject
    let test: Test
    /// Of a test that a param equals a value: the texts of which an object's JSON has one if it passes. To search for them is
    /// several times faster than to find the param, and nearly always the answer is that there is none.
    let traces: [BytePattern]

    /// What must hold of the value.
    enum Test: Sendable {
        case equal(Operand)
        case notEqual(Operand)
        case less(Operand)
        case lessOrEqual(Operand)
        case greater(Operand)
        case greaterOrEqual(Operand)
        case between(Operand, Operand)
        case except(Operand, Operand)
        case among([Operand])
        case notAmong([Operand])
        /// Of a list: it lacks one of these.
        case lacking([Operand])
        case matching(FilterPattern)
    }

    /// The pattern of a filter that has one.
    var pattern: FilterPattern? { if case .matching(let pattern) = test { pattern } else { nil } }

    /// A value to compare with, ready for both kinds of subjects.
    struct Operand: Sendable {
        /// The value in an index's order.
        let key: ByteString
        /// The value as JSON: what the text says if it is JSON, else the text itself.
        let value: JSONValue
        /// The text.
        let text: String
        /// The value as canonical JSON, and the text as a JSON string: an object's value that equals neither differs.
        let spellings: [[UInt8]]

        init(key: ByteString, text: String) {
            self.key = key
            self.text = text
            value = (try? JSONValue(parsing: Array(text.utf8))) ?? .string(text)
            spellings = [value.canonicalBytes(), JSONValue.string(text).canonicalBytes()]
        }
    }

    /// The condition that an argument of a list request means.
    ///
    /// - Throws: `badQuery` when `name` is neither index, field nor (for types that have them) param, or the value is not
    ///   of its kind.
    init(_ name: String, _ value: String, type: ObjectType) throws(TrackerError) {
        let parameterMark = "params."
        if type.traits.contains(.params), name.asciiLowercased.hasBytePrefix(parameterMark) {
            subject = .parameter(String(name.utf8.dropFirst(parameterMark.utf8.count)) ?? "")
        } else if let index = type.queryIndex(named: name) {
            subject = .index(index)
        } else if type.traits.contains(.params) {
            subject = .parameter(name)
        } else {
            throw TrackerError(.badQuery, type.typeName, "No such index: \(name)")
        }
        test = try Self.test(value, subject, type)
        traces = Self.traces(of: test, subject)
    }

    /// The conditions that an argument of a list request means: one, but of a list that is to contain several elements, one
    /// for each (C §7.2).
    ///
    /// - Throws: as the initialiser.
    static func all(_ name: String, _ value: String, type: ObjectType) throws(TrackerError) -> [Filter] {
        let call = OperatorCall(value)
        guard value.utf8.contains(UInt8(ascii: ",")), call == nil || call?.name.hasSameUTF8(as: "Eq") == true,
            let index = type.queryIndex(named: name), type.isList(index)
        else { return [try Filter(name, value, type: type)] }
        var filters: [Filter] = []
        for element in (call?.argument ?? value).parts(between: ",") {
            filters.append(try Filter(name, "Eq(\(element))", type: type))
        }
        return filters
    }

    private static func traces(of test: Test, _ subject: Subject) -> [BytePattern] {
        guard case .parameter(let name) = subject, case .equal(let operand) = test else { return [] }
        let start = JSONValue.string(name).canonicalBytes() + [UInt8(ascii: ":")]
        return Set(operand.spellings).map { BytePattern(start + $0) }
    }
}

extension Filter {
    private static func test(
        _ text: String, _ subject: Subject, _ type: ObjectType
    ) throws(TrackerError) -> Test {
        guard let call = OperatorCall(text) else { return .equal(try operand(text, subject, type)) }
        let arguments = call.argument
        switch call.name {
        case "Eq": return .equal(try operand(arguments, subject, type))
        case "Ne":
            if case .index(let index) = subject, type.isList(index), arguments.utf8.contains(UInt8(ascii: ",")) {
                return .lacking(try list(call, subject, type))
            }
            return .notEqual(try operand(arguments, subject, type))
        case "Lt": return .less(try operand(arguments, subject, type))
        case "Lte": return .lessOrEqual(try operand(arguments, subject, type))
        case "Gt": return .greater(try operand(arguments, subject, type))
        case "Gte": return .greaterOrEqual(try operand(arguments, subject, type))
        case "Between":
            let (low, high) = try pair(call, subject, type)
            return .between(low, high)
        case "Except":
            let (low, high) = try pair(call, subject, type)
            return .except(low, high)
        case "In": return .among(try list(call, subject, type))
        case "Nin": return .notAmong(try list(call, subject, type))
        default: return .matching(try pattern(arguments, subject, type))
        }
    }

    private static func list(
        _ call: OperatorCall, _ subject: Subject, _ type: ObjectType
    ) throws(TrackerError) -> [Operand] {
        var operands: [Operand] = []
        for part in call.parts { operands.append(try operand(part, subject, type)) }
        return operands
    }

    private static func pair(
        _ call: OperatorCall, _ subject: Subject, _ type: ObjectType
    ) throws(TrackerError) -> (Operand, Operand) {
        let operands = try list(call, subject, type)
        guard operands.count == 2 else {
            let message = "\(call.name) takes a lower and an upper value, not \(operands.count) values"
            throw TrackerError(.badQuery, type.typeName, message)
        }
        return (operands[0], operands[1])
    }

    private static func operand(
        _ text: String, _ subject: Subject, _ type: ObjectType
    ) throws(TrackerError) -> Operand {
        guard case .index(let index) = subject else { return Operand(key: .empty, text: text) }
        let value = index.source == .key ? type.key.operand(text) : IndexReader.value(ofText: text, index.kind)
        guard let key = value else {
            let message = index.refusal.split(separator: "%n", omittingEmptySubsequences: false)
                .joined(separator: index.name).split(separator: "%v", omittingEmptySubsequences: false)
                .joined(separator: text)
            throw TrackerError(.badQuery, type.typeName, message)
        }
        return Operand(key: key, text: text)
    }

    private static func pattern(
        _ text: String, _ subject: Subject, _ type: ObjectType
    ) throws(TrackerError) -> FilterPattern {
        if case .index(let index) = subject, !index.hasRegex {
            throw TrackerError(.badQuery, type.typeName, "\(index.name) does not support regex")
        }
        do {
            return FilterPattern(try LinearRegex(text))
        } catch {
            throw TrackerError(.badQuery, type.typeName, "\(error)")
        }
    }
}

/// `Op(arguments)`, where `Op` is one of the operators of C §7.2; any other text is a plain value.
struct OperatorCall {
    static let names: Set<Identifier> = [
        "Eq", "Ne", "Lt", "Lte", "Gt", "Gte", "Between", "Except", "In", "Nin", "Re",
    ]

    let name: String
    let argument: String

    /// The call that `text` spells, or nil if it spells none.
    init?(_ text: String) {
        guard text.utf8.last == UInt8(ascii: ")"), let open = text.firstByteIndex(of: "(") else { return nil }
        guard Self.names.contains(Identifier(text[..<open])) else { return nil }
        name = String(text[..<open])
        argument = String(Substring(text.utf8[open...].dropFirst().dropLast()))
    }

    /// The arguments between commas.
    var parts: [String] { argument.parts(between: ",").map(String.init) }
}
