import Basics

extension JSONScan {
    /// Calls `body` with each member of the object in `text`, in the order of keys, until it answers false.
    ///
    /// - Parameters:
    ///   - start: where the first member to visit begins, or the object ends.
    ///   - body: gets the key as it is written, without its quotes, and the value; both are parts of `text`.
    @inline(__always)
    public static func forEachMember(
        of text: UnsafeRawBufferPointer, from start: Int = 1,
        _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool
    ) {
        guard text.count > 2, text[0] == UInt8(ascii: "{") else { return }
        var offset = start
        while offset < text.count, text[offset] == UInt8(ascii: "\"") {
            let afterKey = endOfString(in: text, from: offset &+ 1)
            let value = afterKey &+ 1
            let end = endOfValue(in: text, at: value)
            guard value <= end, end <= text.count else { return }
            guard body(text.part(offset &+ 1..<afterKey &- 1), text.part(value..<end)) else { return }
            offset = end &+ 1
        }
    }

    /// Calls `body` with each element of the array in `text`.
    @inline(__always)
    public static func forEachElement(
        of text: UnsafeRawBufferPointer, _ body: (_ value: UnsafeRawBufferPointer) -> Void
    ) {
        guard text.count > 2, text[0] == UInt8(ascii: "[") else { return }
        var offset = 1
        while offset < text.count, text[offset] != UInt8(ascii: "]") {
            let end = endOfValue(in: text, at: offset)
            guard offset < end, end <= text.count else { return }
            body(text.part(offset..<end))
            offset = end &+ 1
        }
    }

    /// The bytes of the string in `text` if it is one and none of them is escaped.
    @inline(__always)
    public static func plainString(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard text.count >= 2, text[0] == UInt8(ascii: "\"") else { return nil }
        let content = text.part(1..<text.count &- 1)
        return content.contains(UInt8(ascii: "\\")) ? nil : content
    }
}
