/// A place in the canonical text of an array or object, in front of an element or member, or at the end.
struct JSONCursor {
    private var offset: Int

    /// In front of the first element or member; at the end if the text does not begin with that bracket.
    init(in text: UnsafeRawBufferPointer, opening bracket: UInt8) { offset = text.first == bracket ? 1 : text.count }

    /// Steps over one element of an array and returns where it is, quotes and brackets included; nil at the end.
    mutating func nextElement(in text: UnsafeRawBufferPointer) -> Range<Int>? {
        let start = offset
        // The last byte is the closing bracket.
        guard start < text.count - 1 else { return nil }
        let end = JSONScan.endOfValue(in: text, at: start)
        offset = end + 1
        return start..<end
    }

    /// Steps over one member of an object and returns where its key and its value are; nil at the end.
    mutating func nextMember(in text: UnsafeRawBufferPointer) -> (key: Range<Int>, value: Range<Int>)? {
        let start = offset
        guard start < text.count - 1 else { return nil }
        let colon = JSONScan.endOfString(in: text, from: start + 1)
        let end = JSONScan.endOfValue(in: text, at: colon + 1)
        offset = end + 1
        return (key: start..<colon, value: colon + 1..<end)
    }
}
