import Basics
import HTTPServing
import HTTPTypes
import JSON
import NIOCore

/// What the body of a request must be.
struct BodySchema: Sendable {
    /// What it is, as a whole.
    enum Form: Sendable {
        /// An object with these members, of which some are required, and no others.
        case object([(name: String, type: PropertyType)], required: [String])
        /// Variables: an object with any members.
        case variables
        /// The names of variables.
        case names
    }

    let form: Form

    /// An object.
    init(_ properties: [(name: String, type: PropertyType)], required: [String] = []) {
        form = .object(properties, required: required)
    }

    private init(_ form: Form) { self.form = form }

    static let variables = BodySchema(.variables)
    static let names = BodySchema(.names)

    /// The body of a request, checked.
    ///
    /// - Throws: 400 with all that is wrong.
    func value(of context: FleetContext) throws -> JSONValue {
        let value = try Self.parse(context)
        let problems = problems(value)
        guard problems.isEmpty else { throw ValidationText.refusal(problems) }
        guard case .object(let properties, _) = form, case .object(var members) = value else { return value }
        for (name, type) in properties {
            if let given = members[name] { members[name] = type.meant(given) }
        }
        return .object(members)
    }

    private func problems(_ value: JSONValue) -> [String] {
        switch (form, value) {
        case (.variables, .object(let members)): return PropertyType.keyProblems(members)
        case (.names, .array(let elements)):
            return elements.flatMap { PropertyType.string.problems($0) }
        case (.names, _): return [PropertyType.wrong(value, "'array'")]
        case (.object(let properties, let required), .object(let members)):
            return problems(members, properties, required)
        default: return [PropertyType.wrong(value, "'object'")]
        }
    }

    private func problems(
        _ members: JSONObject, _ properties: [(name: String, type: PropertyType)], _ required: [String]
    ) -> [String] {
        var problems = required.filter { members[$0] == nil }.map { "'\($0)' is a required property" }
        var others: [String] = []
        for (name, value) in members {
            if let known = properties.first(where: { $0.name.hasSameUTF8(as: name) }) {
                problems += known.type.problems(value)
            } else {
                others.append(name)
            }
        }
        if let extra = ValidationText.extra(others) { problems.append(extra) }
        return problems
    }

    /// The JSON of a body; null if the client does not call it JSON.
    private static func parse(_ context: FleetContext) throws -> JSONValue {
        guard isJSON(context.request.headers.value(of: .contentType) ?? "") else { return .null }
        do {
            return try context.bytes.readableBytesView.withUnsafeBytes { bytes in try JSONValue(parsing: bytes) }
        } catch {
            throw FleetRefusal(400, FleetRefusal.badBody)
        }
    }

    /// Whether a media type is `application/json` or `application/…+json`.
    private static func isJSON(_ text: String) -> Bool {
        let type = text.prefix { $0 != ";" }.filter { !$0.isWhitespace }.asciiLowercased
        return type.hasSameUTF8(as: "application/json")
            || type.hasBytePrefix("application/") && type.hasByteSuffix("+json")
    }
}
