import Basics
public import JSON

/// A condition on a variable, as `vars=` spells it: `path:json` (F §6).
public struct VariableCondition: Sendable {
    /// Why a text is no condition.
    public enum Fault: Error, Sendable {
        /// The path makes no sense, or there is no colon behind it.
        case path
        /// The value is no JSON.
        case value
    }

    /// The part of a variable that the condition is on.
    public let path: VariablePath
    /// What it must contain.
    let value: JSONValue

    /// The conditions of `text`, between commas, all of which must hold; of two with one path the last counts.
    ///
    /// - Throws: `Fault` of the first piece that is none.
    public static func all(_ text: String) throws(Fault) -> [VariableCondition] {
        var conditions: [(path: Identifier, condition: VariableCondition)] = []
        for piece in text.parts(between: ",") {
            guard let colon = piece.firstByteIndex(of: ":") else { throw .path }
            let spelled = piece[..<colon]
            guard let path = VariablePath(spelled) else { throw .path }
            let value: JSONValue
            do {
                value = try JSONValue(parsing: String(piece[piece.utf8.index(after: colon)...]))
            } catch {
                throw .value
            }
            conditions.removeAll { $0.path == Identifier(spelled) }
            conditions.append((Identifier(spelled), VariableCondition(path: path, value: value)))
        }
        return conditions.map(\.condition)
    }

    /// A leaf that is in the value of each variable of which the condition holds; nil if there is no such.
    var leaf: JSONValue? { Self.leaf(of: value) }

    private static func leaf(of value: JSONValue) -> JSONValue? {
        switch value {
        case .array(let elements): elements.lazy.compactMap { leaf(of: $0) }.first
        case .object(let members): members.values.lazy.compactMap { leaf(of: $0) }.first
        default: value
        }
    }

    /// Whether the condition holds of a variable's value.
    public func holds(of variable: JSONValue) -> Bool {
        path.part(of: variable).map { Self.contains($0, value) } ?? false
    }

    /// Whether `target` contains `candidate`, as MySQL's `JSON_CONTAINS` has it.
    static func contains(_ target: JSONValue, _ candidate: JSONValue) -> Bool {
        switch (target, candidate) {
        case (.array(let elements), .array(let candidates)):
            candidates.allSatisfy { candidate in elements.contains { contains($0, candidate) } }
        case (.array(let elements), _): elements.contains { contains($0, candidate) }
        case (.object(let members), .object(let candidates)):
            candidates.allSatisfy { name, candidate in members[name].map { contains($0, candidate) } ?? false }
        default: target == candidate
        }
    }
}
