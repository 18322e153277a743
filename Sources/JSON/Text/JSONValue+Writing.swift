extension JSONValue {
    /// The canonical text: no white space, keys in the order of their bytes, nothing escaped but quotes, backslashes and
    /// control characters. Equal values have equal canonical text.
    public func canonicalBytes() -> [UInt8] {
        var writer = JSONWriter()
        writer.append(self)
        return writer.array()
    }

    /// The canonical text as a string, for messages.
    public var canonicalText: String { String(decoding: canonicalBytes(), as: UTF8.self) }

    /// Appends the canonical text.
    public func write(into output: inout [UInt8]) {
        var writer = JSONWriter()
        writer.append(self)
        output.append(contentsOf: writer.bytes)
    }
}

extension JSONValue: CustomStringConvertible {
    /// The canonical text.
    public var description: String { canonicalText }
}

extension String {
    /// Appends the string in quotes, with the escapes of canonical text.
    func writeJSON(into output: inout [UInt8]) {
        var writer = JSONWriter(capacity: utf8.count + 16)
        writer.append(quoted: self)
        output.append(contentsOf: writer.bytes)
    }
}
