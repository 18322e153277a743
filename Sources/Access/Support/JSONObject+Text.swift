import JSON

/// Fields of objects in wire form.
extension JSONObject {
    /// A text field; empty where there is none.
    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }

    /// The texts of a list; what is not text is left out.
    func texts(_ name: String) -> [String] { (self[name]?.arrayValue ?? []).compactMap(\.stringValue) }
}
