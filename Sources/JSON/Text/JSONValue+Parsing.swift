extension JSONValue {
    /// Parses a text of exactly one JSON value. Strict: no duplicate keys, lone surrogates, invalid UTF-8, leading zeros,
    /// comments or trailing text; no input makes it overflow the stack.
    public init(parsing text: [UInt8], limits: JSONLimits = .default) throws(JSONError) {
        self = try text.span.bytes.withUnsafeBytes { bytes throws(JSONError) in
            try JSONValue(parsing: bytes, limits: limits)
        }
    }

    /// Parses part of an array, as above.
    public init(parsing text: ArraySlice<UInt8>, limits: JSONLimits = .default) throws(JSONError) {
        self = try text.span.bytes.withUnsafeBytes { bytes throws(JSONError) in
            try JSONValue(parsing: bytes, limits: limits)
        }
    }

    /// Parses a string, as above.
    public init(parsing text: String, limits: JSONLimits = .default) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Parses bytes borrowed from elsewhere, as above; nothing points at them afterwards.
    public init(parsing text: UnsafeRawBufferPointer, limits: JSONLimits = .default) throws(JSONError) {
        do throws(JSONFault) {
            guard text.count <= limits.maxBytes else { throw JSONFault(code: .tooLong, offset: limits.maxBytes) }
            var parser = JSONParser(text, limits: limits)
            self = try parser.parseText()
        } catch {
            throw JSONError(error, in: text, limits: limits)
        }
    }
}
