import Basics

extension JSONSlice {
    /// Appends the value as ``JSONValue/appendASCIIPretty(to:margin:)`` does. What needs no other spelling is copied, not decoded:
    /// texts in printable ASCII, whole numbers, flags and null.
    public func appendASCIIPretty(to output: inout [UInt8], margin: Int = 0) {
        if isCopiedAsIs {
            output.append(contentsOf: rawBytes)
        } else {
            value().appendASCIIPretty(to: &output, margin: margin)
        }
    }

    private var isCopiedAsIs: Bool {
        switch kind {
        case .bool, .null: true
        case .string: rawBytes.allSatisfy { 0x20..<0x7F ~= $0 }
        case .number: rawBytes.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
        case .array, .object: rawBytes.count == 2
        }
    }
}
