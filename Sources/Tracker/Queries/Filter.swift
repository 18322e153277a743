import Basics
import JSON

/// One condition on the rows of a list: a field or index, or a parameter, and what must hold of it (C §7.2).
///
/// A class, because a filter is made once and then asked of each row: a struct of this size would be copied for each.
public final class Filter: Sendable {
    /// What is looked at.
    enum Subject: Sendable {
        /// An index or field.
        case index(IndexDeclaration)
        /// The value of a parameter in the map that a type has for them.
        case parameter(String, in: String)
    }

    let subject: Subject
    let test: Test
    /// Of a test that a parameter equals a value: the texts of which an object's JSON has one if it passes. To search for them is
    /// several times faster than to find the parameter, and nearly always the answer is that there is none.
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
    /// - Throws: `badQuery` when `name` is neither index, field nor (for types that have them) parameter, or the value is not
    ///   of its kind.
    convenience init(_ name: String, _ value: String, type: ObjectType) throws(TrackerError) {
        let subject = try Self.subject(name, type)
        self.init(subject, try Self.test(value, subject, type))
    }

    private init(_ subject: Subject, _ test: Test) {
        self.subject = subject
        self.test = test
        traces = Self.traces(of: test, subject)
    }

    private static func subject(_ name: String, _ type: ObjectType) throws(TrackerError) -> Subject {
        let parameters = type.parameters
        if let parameters, name.asciiLowercased.hasBytePrefix(parameters.filterPrefix) {
            return .parameter(
                String(name.utf8.dropFirst(parameters.filterPrefix.utf8.count)) ?? "", in: parameters.field)
        }
        if let index = type.queryIndex(named: name) { return .index(index) }
        if let parameters { return .parameter(name, in: parameters.field) }
        throw TrackerError(.badQuery, type.typeName, type.text(.unknownIndex(name)))
    }

    /// The conditions that an argument of a list request means: one, but of a list that is to contain several elements, one
    /// for each (C §7.2).
    ///
    /// - Throws: as the initialiser.
    static func all(_ name: String, _ value: String, type: ObjectType) throws(TrackerError) -> [Filter] {
        let call = OperatorCall(value, type.conventions.filters)
        guard value.utf8.contains(UInt8(ascii: ",")), call == nil || call?.function == .equal,
            let index = type.queryIndex(named: name), type.isList(index)
        else { return [try Filter(name, value, type: type)] }
        var filters: [Filter] = []
        for element in (call?.argument ?? value).parts(between: ",") {
            filters.append(Filter(.index(index), .equal(try operand(String(element), .index(index), type))))
        }
        return filters
    }

    private static func traces(of test: Test, _ subject: Subject) -> [BytePattern] {
        guard case .parameter(let name, _) = subject, case .equal(let operand) = test else { return [] }
        let start = JSONValue.string(name).canonicalBytes() + [UInt8(ascii: ":")]
        return Set(operand.spellings).map { BytePattern(start + $0) }
    }
}

extension Filter {
    private static func test(
        _ text: String, _ subject: Subject, _ type: ObjectType
    ) throws(TrackerError) -> Test {
        guard let call = OperatorCall(text, type.conventions.filters) else {
            return .equal(try operand(text, subject, type))
        }
        let arguments = call.argument
        switch call.function {
        case .equal: return .equal(try operand(arguments, subject, type))
        case .notEqual:
            if case .index(let index) = subject, type.isList(index), arguments.utf8.contains(UInt8(ascii: ",")) {
                return .lacking(try list(call, subject, type))
            }
            return .notEqual(try operand(arguments, subject, type))
        case .less: return .less(try operand(arguments, subject, type))
        case .lessOrEqual: return .lessOrEqual(try operand(arguments, subject, type))
        case .greater: return .greater(try operand(arguments, subject, type))
        case .greaterOrEqual: return .greaterOrEqual(try operand(arguments, subject, type))
        case .between:
            let (low, high) = try pair(call, subject, type)
            return .between(low, high)
        case .except:
            let (low, high) = try pair(call, subject, type)
            return .except(low, high)
        case .among: return .among(try list(call, subject, type))
        case .notAmong: return .notAmong(try list(call, subject, type))
        case .matching: return .matching(try pattern(arguments, subject, type))
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
            let message = index.refusal(of: text) ?? type.text(.badOperand(text, index: index.name, index.kind))
            throw TrackerError(.badQuery, type.typeName, message)
        }
        return Operand(key: key, text: text)
    }

    private static func pattern(
        _ text: String, _ subject: Subject, _ type: ObjectType
    ) throws(TrackerError) -> FilterPattern {
        if case .index(let index) = subject, !index.hasRegex {
            throw TrackerError(.badQuery, type.typeName, type.text(.patternlessIndex(index.name)))
        }
        do {
            return FilterPattern(try LinearRegex(text))
        } catch {
            throw TrackerError(.badQuery, type.typeName, "\(error)")
        }
    }
}
