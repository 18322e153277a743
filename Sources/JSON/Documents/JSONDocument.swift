/// One immutable JSON text in canonical form: no white space, keys sorted by their UTF-8 bytes, nothing escaped but quotes,
/// backslashes and control characters. Two documents are equal when their bytes are.
public struct JSONDocument: Sendable, Hashable {
    /// The canonical text.
    public let bytes: [UInt8]

    /// Encodes a value.
    public init(_ value: JSONValue) { bytes = value.canonicalBytes() }

    /// Takes bytes that are known to be canonical, such as those a store gives back; checked in debug builds only.
    public init(canonical bytes: [UInt8]) {
        assert(
            Self.isCanonical(bytes, limits: .trusted),
            "not canonical JSON: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        self.bytes = bytes
    }

    /// Parses a text from outside and brings it into canonical form.
    public init(parsing text: [UInt8], limits: JSONLimits = .default) throws(JSONError) {
        self.init(try JSONValue(parsing: text, limits: limits))
    }

    /// Whether these bytes are canonical JSON within the limits.
    public static func isCanonical(_ bytes: [UInt8], limits: JSONLimits = .default) -> Bool {
        bytes.withUnsafeBytes { isCanonical($0, limits: limits) }
    }

    /// The same of bytes that somebody lends.
    public static func isCanonical(_ text: UnsafeRawBufferPointer, limits: JSONLimits = .default) -> Bool {
        guard text.count <= limits.maxBytes else { return false }
        if CanonicalScan.isCanonical(text, maxDepth: limits.maxDepth) { return true }
        let bytes = Array(text)
        return (try? JSONValue(parsing: bytes, limits: limits))?.canonicalBytes() == bytes
    }

    /// The whole document as a slice.
    public var root: JSONSlice { JSONSlice(canonical: bytes[...]) }

    /// Decodes the whole document.
    public func value() -> JSONValue { root.value() }

    /// The member of that name, found without decoding anything; nil when there is none or this is no object.
    public func member(_ name: String) -> JSONSlice? { root.member(name) }

    /// The value that `path` leads to through nested objects, found without decoding anything.
    public func member(at path: [String]) -> JSONSlice? { root.member(at: path) }

    /// Lends the canonical text, for the calls of `JSONScan`.
    @inline(__always)
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.span.bytes.withUnsafeBytes(body)
    }

    /// Equality by bytes.
    public static func == (left: JSONDocument, right: JSONDocument) -> Bool { left.root == right.root }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) { root.hash(into: &hasher) }
}

extension JSONDocument: CustomStringConvertible {
    /// The canonical text.
    public var description: String { root.description }
}
