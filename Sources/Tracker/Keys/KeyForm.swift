import Basics
import JSON

/// What the value of a key's field is, and so how the key is spelled, encoded and ordered.
///
/// Every form has one encoding, which tables, the store and history share, and whose bytes sort as the values do:
///
/// | form | bytes | text in URLs, events and errors |
/// |---|---|---|
/// | text, UUID, spelled | the text's UTF-8 | the same |
/// | integer | 8, big-endian, with the sign bit set | decimal digits |
/// | address | F8, then 16: IPv4 as IPv6 maps it | dotted decimal, or RFC 5952 |
/// | several fields | F9, then each field's: integers and addresses as above, text in escaped form | texts between commas |
///
/// In a key of several fields, text has FF after each 00, and one 00 at its end.
///
/// UTF-8 begins with none of 80 to BF, F8 and F9: an encoded key tells by itself how it reads (``ByteString/string``), and
/// text that is no key of the form, encoded as text, is equal to none.
public enum KeyForm: Sendable {
    /// Text.
    case text
    /// A UUID in canonical text; URLs may have it in upper case.
    case uuid
    /// Text that is computed from the field's; URLs may have either.
    case spelled(@Sendable (String) -> String)
    /// A whole number from 1 to ``largestInteger``, a JSON number on the wire.
    case integer
    /// An IP address.
    case address

    /// The largest integer that is a key: all JSON readers have it exactly (RFC 8259 §6).
    public static let largestInteger: Int64 = 1 << 53 - 1

    /// Whether keys are the UTF-8 of their texts.
    var isText: Bool {
        switch self {
        case .text, .uuid, .spelled: true
        case .integer, .address: false
        }
    }

    /// The key that `text` spells as keys are spelled; nil if it is none of the form.
    func key(spelled text: String) -> ByteString? {
        switch self {
        case .text, .uuid, .spelled: ByteString(text)
        case .integer: Self.integer(text).map { IndexValue.integer($0) }
        case .address: IPAddress(text).map { EncodedKey.address($0) }
        }
    }

    /// The text of a key that `path`, a part of a URL, means; text of the wrong form stays as it is.
    func text(ofPath path: String) -> String {
        switch self {
        case .text, .integer: path
        case .uuid: UUIDText.canonical(path) ?? path
        case .spelled(let spell): spell(path)
        case .address: IPAddress(path)?.description ?? path
        }
    }

    /// The text of the key that a field's value gives; empty if it gives none.
    func text(ofValue value: JSONValue?) -> String {
        switch self {
        case .text, .uuid: value?.stringValue ?? ""
        case .spelled(let spell): spell(value?.stringValue ?? "")
        case .integer:
            value?.intValue.flatMap { 1...Self.largestInteger ~= Int64($0) ? String($0) : nil } ?? ""
        case .address: value?.stringValue.flatMap { IPAddress($0)?.description } ?? ""
        }
    }

    /// The field's value for the key that `text` spells.
    func value(spelled text: String) -> JSONValue {
        if case .integer = self, let number = Self.integer(text) { return JSONValue(Int(number)) }
        return .string(text)
    }

    /// The number that `text` spells in the one way that there is: without sign and leading zeros.
    private static func integer(_ text: String) -> Int64? {
        guard text.utf8.count <= 16, let first = text.utf8.first, (UInt8(ascii: "1")...UInt8(ascii: "9")) ~= first
        else { return nil }
        return Int64(text).flatMap { $0 <= largestInteger ? $0 : nil }
    }
}
