import Basics
import JSON

/// Fields of objects in wire form, where every field is there and has its shape.
extension JSONObject {
    /// A text field; empty where there is none.
    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }

    /// A boolean field; false where there is none.
    func flag(_ name: String) -> Bool { self[name]?.boolValue ?? false }

    /// A whole number; zero where there is none.
    func int(_ name: String) -> Int { self[name]?.intValue ?? 0 }

    /// The texts of a list; what is not text is left out.
    func texts(_ name: String) -> [String] { (self[name]?.arrayValue ?? []).compactMap(\.stringValue) }

    /// The objects of a list.
    func objects(_ name: String) -> [JSONObject] { (self[name]?.arrayValue ?? []).compactMap(\.objectValue) }

    /// The members of an object or map; none where there is none.
    func members(_ name: String) -> JSONObject { self[name]?.objectValue ?? [:] }

    /// Gives a text field a value if it has none.
    mutating func setDefault(_ name: String, _ value: @autoclosure () -> String) {
        if text(name).isEmpty { self[name] = .string(value()) }
    }

    /// Adds a flag to the sorted list in `Meta["feature-flags"]` (C §4.4).
    mutating func addFeatureFlag(_ flag: String) {
        var meta = members("Meta")
        let present = meta.text("feature-flags")
        if present.hasSameUTF8(as: flag) { return }
        let flags = Set(present.parts(between: ",").filter { !$0.isEmpty }.map { Identifier($0) }).union([
            Identifier(flag)
        ])
        meta["feature-flags"] = .string(present.isEmpty ? flag : flags.sorted().map(\.text).joined(separator: ","))
        self["Meta"] = .object(meta)
    }
}
