public import JSON
public import Tracker

/// What a Param object demands of the values of its name (C §9).
public struct ParamSchema {
    private let name: String
    private let schema: JSONValue
    private let isSecure: Bool

    /// The steps that judging all values of one object may take, three times what one may.
    static let maxSteps = 3 * JSONSchema.maxSteps

    /// The demands of the Param called `name`; nil if there is none, or one without a schema.
    static func of(_ name: String, in view: Snapshot) -> ParamSchema? {
        guard let document = view.object("params", name)?.document, let schema = document.member("Schema"),
            !schema.isNull
        else { return nil }
        let isSecure = document.member("Secure")?.bool ?? false
        return ParamSchema(name: name, schema: schema.value(), isSecure: isSecure)
    }

    /// What is wrong with `value` in the words of C §3, or nil.
    ///
    /// A sealed value cannot be looked into here; whoever opens it has what is inside checked. What is wrong with a secret
    /// is told without the secret.
    ///
    /// - Parameter work: what all values of one object may take together.
    func problem(with value: JSONValue, within work: inout StepBudget) -> String? {
        if isSecure, Self.isSealed(value) { return nil }
        guard case .success(let schema) = SchemaCache.shared.compiled(schema) else { return nil }
        let failures = schema.problems(of: value, within: &work).map(\.description)
        if failures.isEmpty { return nil }
        let list = failures.count == 1 ? " \(failures[0])" : failures.map { "\n  \($0)" }.joined()
        let shown = isSecure ? "(not shown)" : GoText.plain(value)
        return "Key '\(name)': invalid val '\(shown)': :\(list)"
    }

    /// What is wrong with a value in clear that an action is given for the param `name`, a sentence each (C §10); none where
    /// nothing is demanded.
    public static func failures(of value: JSONValue, as name: String, in view: Snapshot) -> [String] {
        guard let demands = of(name, in: view),
            case .success(let schema) = SchemaCache.shared.compiled(demands.schema)
        else { return [] }
        var work = StepBudget(maxSteps)
        return schema.problems(of: value, within: &work).map(\.description)
    }

    /// Whether `value` has the form of SecureData: a key, a nonce and a payload, nothing else (C §9).
    static func isSealed(_ value: JSONValue) -> Bool {
        guard case .object(let members) = value else { return false }
        return members.keys == ["Key", "Nonce", "Payload"] && members.values.allSatisfy { $0.stringValue != nil }
    }
}
