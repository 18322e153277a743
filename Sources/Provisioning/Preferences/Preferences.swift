import Basics
public import JSON
public import Tracker

/// The preferences as they stand in one state.
public struct Preferences: Sendable {
    private let view: Snapshot

    /// The preferences in `view`.
    public init(_ view: Snapshot) { self.view = view }

    /// The value of a preference, or its default.
    public subscript(name: PreferenceName) -> String { Self.value(name, in: view) }

    /// The value of one preference, or its default.
    static func value(_ name: PreferenceName, in view: Snapshot) -> String {
        view.object("preferences", name.rawValue)?.text("Val") ?? name.defaultValue
    }

    /// What clients may see: every preference that has a value and is no secret.
    public var listed: JSONObject {
        let shown = PreferenceName.allCases.filter { !$0.isSecret && !self[$0].isEmpty }
        return JSONObject(shown.map { ($0.rawValue, .string(self[$0])) })
    }

    /// How long tokens made in templates live.
    ///
    /// - Parameter isKnown: whether they are for a machine that the server knows.
    public func tokenTimeout(isKnown: Bool) -> Duration {
        .seconds(Int(self[isKnown ? .knownTokenTimeout : .unknownTokenTimeout]) ?? 0)
    }

    /// The duration that a preference says; nil where it says none.
    func duration(_ name: PreferenceName) -> Duration? {
        let text = self[name]
        return text.isEmpty ? nil : Duration(musterText: text, defaultUnit: .seconds)
    }
}

extension ChangeContext {
    /// Refuses to remove what a preference names.
    ///
    /// - Parameter what: how messages call an object of the type.
    func refuseIfPreferred(_ what: String, by names: [PreferenceName]) throws(TrackerError) {
        let preferences = Preferences(view)
        let holders = names.filter { preferences[$0].hasSameUTF8(as: key) }
        guard !holders.isEmpty, leavesNothing else { return }
        throw inUse(holders.map { "\(what) \(key) is the active \($0), cannot remove it" })
    }
}
