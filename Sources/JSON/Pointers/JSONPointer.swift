import Basics

/// A JSON pointer (RFC 6901): the path from a document's root to one value in it.
///
/// The empty pointer is the root itself. Tokens are object keys or array indexes; which of the two a token is shows only
/// when the pointer meets a document.
public struct JSONPointer: Sendable {
    /// The path, outermost first, unescaped.
    public var tokens: [String]

    /// A pointer of these unescaped tokens.
    public init(tokens: [String] = []) { self.tokens = tokens }

    /// Reads the text form: nothing, or `/` before each token, in which `~1` stands for `/` and `~0` for `~`.
    public init(_ text: String) throws(JSONPointerError) {
        let slash = UInt8(ascii: "/")
        guard text.isEmpty || text.utf8.first == slash else { throw .missingSlash(text) }
        tokens = []
        // Bytes, not characters: a combining mark would melt into the slash before it.
        for escaped in text.utf8.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
        where !text.isEmpty {
            tokens.append(try Self.unescape(escaped))
        }
    }

    private static func unescape(_ escaped: Substring.UTF8View) throws(JSONPointerError) -> String {
        let tilde = UInt8(ascii: "~")
        guard escaped.contains(tilde) else { return String(Substring(escaped)) }
        var bytes: [UInt8] = []
        var rest = escaped[...]
        while let byte = rest.popFirst() {
            guard byte == tilde else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): bytes.append(tilde)
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default: throw .illegalTilde(token: String(Substring(escaped)))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A token as it stands in a pointer's text: `~` becomes `~0` and `/` becomes `~1`.
    public static func escape(_ token: String) -> String {
        var bytes: [UInt8] = []
        for byte in token.utf8 {
            switch byte {
            case UInt8(ascii: "~"): bytes += "~0".utf8
            case UInt8(ascii: "/"): bytes += "~1".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether this is the empty pointer.
    public var isRoot: Bool { tokens.isEmpty }

    /// The pointer to a member or element of the value this one points to.
    public func appending(_ token: String) -> JSONPointer { JSONPointer(tokens: tokens + [token]) }

    /// The pointer to an element of the array this one points to.
    public func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    /// Whether the other pointer leads to the same value or to something inside it.
    public func contains(_ other: JSONPointer) -> Bool {
        other.tokens.count >= tokens.count && zip(tokens, other.tokens).allSatisfy { $0.hasSameUTF8(as: $1) }
    }
}

extension JSONPointer: Hashable {
    /// Tokens are equal when their bytes are, as object keys are.
    public static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.count == right.tokens.count && left.contains(right)
    }

    /// Feeds what equality compares.
    public func hash(into hasher: inout Hasher) {
        for token in tokens { token.hashUTF8(into: &hasher) }
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The text form.
    public var description: String { tokens.map { "/" + Self.escape($0) }.joined() }
}
