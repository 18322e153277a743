extension JSONValue {
    /// The value over several lines for people, keys in order; empty arrays and objects stay on one line.
    ///
    /// - Parameters:
    ///   - indent: Spaces a level.
    ///   - limit: How many bytes are wanted. The text ends soon after them, so that what nests deep, and would be mostly
    ///     spaces, takes no more time and memory than that.
    public func prettyText(indent: Int = 2, limit: Int = .max) -> String {
        var output: [UInt8] = []
        writePretty(into: &output, indent: indent, margin: 0, limit)
        return String(decoding: output, as: UTF8.self)
    }

    private func writePretty(into output: inout [UInt8], indent: Int, margin: Int, _ limit: Int) {
        switch self {
        case .array(let values) where !values.isEmpty:
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                guard output.count < limit else { return }
                output.startLine(margin: margin + indent, afterComma: index > 0)
                value.writePretty(into: &output, indent: indent, margin: margin + indent, limit)
            }
            output.startLine(margin: margin)
            output.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            output.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                guard output.count < limit else { return }
                output.startLine(margin: margin + indent, afterComma: index > 0)
                member.key.writeJSON(into: &output)
                output += ": ".utf8
                member.value.writePretty(into: &output, indent: indent, margin: margin + indent, limit)
            }
            output.startLine(margin: margin)
            output.append(UInt8(ascii: "}"))
        default: write(into: &output)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func startLine(margin: Int, afterComma: Bool = false) {
        if afterComma { append(UInt8(ascii: ",")) }
        append(UInt8(ascii: "\n"))
        append(contentsOf: repeatElement(UInt8(ascii: " "), count: margin))
    }
}
