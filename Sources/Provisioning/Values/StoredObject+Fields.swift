import JSON
import Tracker

/// Fields read from an object's bytes, without decoding the rest.
extension StoredObject {
    /// A text field; empty where there is none.
    func text(_ name: String) -> String { document.member(name)?.string ?? "" }

    /// A boolean field; false where there is none.
    func flag(_ name: String) -> Bool { document.member(name)?.bool ?? false }

    /// The texts of a list; what is not text is left out.
    func texts(_ name: String) -> [String] {
        guard let list = document.member(name) else { return [] }
        return list.elements.compactMap(\.string)
    }

    /// Whether nothing keeps the object from being used.
    var isAvailable: Bool { flag("Available") }
}
