import Basics

/// The search for one key among the members of an object.
struct JSONKeySearch {
    /// The key as canonical text spells it, without its quotes.
    private let name: UnsafeRawBufferPointer
    /// Whether the spelling is the key itself, without escapes.
    private let isPlain: Bool
    /// The first eight bytes of the name and the mask of those it has.
    private let head: UInt64
    private let mask: UInt64

    init(_ name: UnsafeRawBufferPointer, isPlain: Bool) {
        self.name = name
        self.isPlain = isPlain
        var head: UInt64 = 0
        for index in 0..<min(8, name.count) { head |= UInt64(name[index]) << UInt64(8 * index) }
        self.head = head
        mask = name.count >= 8 ? .max : (1 << UInt64(8 * name.count)) &- 1
    }

    /// Where the value of the sought member begins, given where the first member or the closing brace is.
    @inline(__always)
    func valueStart(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var offset = start
        while offset < text.count, text[offset] == UInt8(ascii: "\"") {
            let key = offset &+ 1
            switch compare(text, at: key) {
            case .same: return key &+ name.count &+ 2
            case .beyond: return nil
            case .other: break
            }
            // Over the closing quote and the colon to the value, then over that and the comma to the next key.
            let value = JSONScan.endOfString(in: text, from: key) &+ 1
            offset = JSONScan.endOfValue(in: text, at: value) &+ 1
        }
        return nil
    }

    private enum Verdict {
        case same, other
        /// The key sorts after the name, as will all that follow it.
        case beyond
    }

    @inline(__always)
    private func compare(_ text: UnsafeRawBufferPointer, at key: Int) -> Verdict {
        // Room for the name, a closing quote, a colon and a value, and for the first load.
        guard key &+ max(8, name.count &+ 3) <= text.count else { return isSame(text, at: key) ? .same : .other }
        let difference = (text.word(at: key) ^ head) & mask
        if difference == 0 { return isSame(text, at: key) ? .same : .other }
        guard isPlain else { return .other }
        let index = WordSearch.firstIndex(difference)
        let byte = text[key &+ index]
        // A quote ends the key here, and a backslash may stand for any byte: neither tells the order.
        return byte > name[index] && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "\"") ? .beyond : .other
    }

    @inline(__always)
    private func isSame(_ text: UnsafeRawBufferPointer, at key: Int) -> Bool {
        let end = key &+ name.count
        return end &+ 2 < text.count && text[end] == UInt8(ascii: "\"")
            && text.part(key..<end).compareBytes(to: name) == 0
    }
}
