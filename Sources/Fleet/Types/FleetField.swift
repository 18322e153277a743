import Basics
import JSON
public import Tracker

/// A field of a fleet object: what its values are and mean.
public struct FleetField: Sendable {
    /// What a field's values are.
    public enum Form: Sendable {
        /// Text of at most 255 characters.
        case text
        /// The same, or null.
        case optionalText
        /// Text of any length, or null.
        case note
        /// `true` or `false`.
        case flag
        /// A whole number, or null.
        case optionalNumber
        /// One of a few words.
        case oneOf([String])
        /// The text of an IP address.
        case address
        /// The number of an object of another type.
        case reference(TypeName)
        /// The same, or zero for none.
        case optionalReference(TypeName)
    }

    /// The longest text in characters (F §3).
    public static let longestText = 255

    /// The name, on the wire too.
    public let name: String
    /// What its values are.
    public let form: Form

    init(_ name: String, _ form: Form) {
        (self.name, self.form) = (name, form)
    }

    /// The field as the tracker knows it.
    var field: Field {
        switch form {
        case .text, .address, .oneOf: Field(name, .string)
        case .optionalText, .note, .optionalNumber: Field(name, .any)
        case .flag: Field(name, .boolean)
        case .reference, .optionalReference: Field(name, .integer)
        }
    }

    /// The field's reference to another type; nil if it is none. A parent in the tree of devices is declared beside these.
    var reference: Reference? {
        switch form {
        case .reference(let target), .optionalReference(let target): Reference(name, to: target)
        default: nil
        }
    }

    /// What is wrong with a value; nil if nothing is.
    func problem(_ value: JSONValue) -> String? {
        switch (form, value) {
        case (.text, .string(let text)), (.optionalText, .string(let text)):
            text.unicodeScalars.count > Self.longestText
                ? "\(name) has more than \(Self.longestText) characters: shorten it" : nil
        case (.note, .string), (.note, .null), (.optionalText, .null), (.optionalNumber, .null): nil
        case (.optionalNumber, .number(let number)): number.intValue == nil ? "\(name) must be a whole number" : nil
        case (.optionalText, _), (.note, _): "\(name) must be text or null"
        case (.optionalNumber, _): "\(name) must be a whole number or null"
        case (.oneOf(let words), .string(let text)):
            words.contains(bytesOf: text) ? nil : "\(name) '\(text)' is none of \(words.joined(separator: ", "))"
        case (.address, .string(let text)):
            IPAddress(text) == nil ? "\(name) '\(text)' is not an IPv4 or IPv6 address" : nil
        default: nil
        }
    }
}
