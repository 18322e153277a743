public import JSON
public import Tracker

extension Draft {
    /// Sets preferences: all of `values` or, if one is wrong, none.
    ///
    /// - Parameter values: text by name.
    /// - Throws: `invalid` of `prefs`, with a message for each wrong preference; `undecodable` when a value is no text.
    public mutating func setPreferences(_ values: JSONObject) throws(TrackerError) {
        var accepted: [(name: PreferenceName, value: String)] = []
        var problems: [String] = []
        for (key, value) in values {
            guard case .string(let text) = value else {
                throw TrackerError(
                    .undecodable, "prefs", "json: cannot unmarshal \(value.kindName) into Go value of type string")
            }
            guard let name = PreferenceName(named: key) else {
                problems.append("Unknown Preference \(key)")
                continue
            }
            if let problem = name.problem(with: text, in: view) { problems.append("\(key): \(problem)") }
            accepted.append((name, name.canonical(text)))
        }
        // First, since who may not see what a value names is told that and nothing else.
        for (name, value) in accepted { try setPreference(name, value) }
        guard problems.isEmpty else { throw TrackerError(.invalid, "prefs", problems) }
    }

    /// Sets a preference without asking whether its value makes sense.
    mutating func setPreference(_ name: PreferenceName, _ value: String) throws(TrackerError) {
        guard view.contains("preferences", name.rawValue) else {
            try create("preferences", ["Name": .string(name.rawValue), "Val": .string(value)])
            return
        }
        let part = WriteIntent.part(JSONPointer(tokens: ["Val"]))
        try update("preferences", at: name.rawValue, as: part) { (object) throws(TrackerError) in
            object["Val"] = .string(value)
        }
    }
}
