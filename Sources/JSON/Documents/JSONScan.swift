import Basics

/// Finds values in canonical JSON bytes without decoding or allocating anything.
///
/// This is the hot path of list filters, so it works on borrowed bytes: a caller may scan many documents inside one
/// `withUnsafeBytes` without reference counting. The bytes are trusted to be canonical; in bytes that are not, a search may
/// miss or find the wrong thing, but never reads outside of them.
public enum JSONScan {
    /// The value of the member `name` of the object in `text`; nil when there is none or `text` is no object.
    public static func member(_ name: String, of text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        memberRange(name, in: text, at: 0).map(text.part)
    }

    /// The value that `path` leads to through nested objects; an empty path leads to the whole text.
    public static func member(at path: [String], of text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        memberRange(at: path, in: text).map(text.part)
    }

    static func memberRange(at path: [String], in text: UnsafeRawBufferPointer) -> Range<Int>? {
        // The end of a value on the way does not matter: a canonical object ends where its members do.
        var start = 0
        for (index, name) in path.enumerated() {
            guard let found = memberStart(name, in: text, at: start) else { return nil }
            if index == path.count - 1 { return found..<endOfValue(in: text, at: found) }
            start = found
        }
        return 0..<text.count
    }

    static func memberRange(_ name: String, in text: UnsafeRawBufferPointer, at start: Int) -> Range<Int>? {
        memberStart(name, in: text, at: start).map { $0..<endOfValue(in: text, at: $0) }
    }

    /// Where the value of the member `name` begins, in the object at `start`.
    private static func memberStart(_ name: String, in text: UnsafeRawBufferPointer, at start: Int) -> Int? {
        guard start < text.count, text[start] == UInt8(ascii: "{") else { return nil }
        return name.withUTF8Bytes { bytes in
            if bytes.nextSpecial(from: 0) == bytes.count {
                return JSONKeySearch(bytes, isPlain: true).valueStart(in: text, from: start + 1)
            }
            // Canonical text has one spelling of each string, so names are compared as they are written.
            var written: [UInt8] = []
            name.writeJSON(into: &written)
            return written.withUnsafeBytes { written in
                JSONKeySearch(written.part(1..<written.count - 1), isPlain: false).valueStart(in: text, from: start + 1)
            }
        }
    }

    /// The offset behind the string whose opening quote is just before `start`.
    @inline(__always)
    static func endOfString(in text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        while offset &+ 8 <= text.count {
            let word = text.word(at: offset)
            let quotes = WordSearch.marks(UInt8(ascii: "\""), in: word)
            let escapes = WordSearch.marks(UInt8(ascii: "\\"), in: word)
            // The next string is looked for where this one ends, so what counts is how soon its end is known: with no
            // escape in sight, from the quotes alone.
            if escapes == 0 {
                if quotes != 0 { return offset &+ WordSearch.firstIndex(quotes) &+ 1 }
                offset &+= 8
                continue
            }
            offset &+= WordSearch.firstIndex(quotes | escapes)
            if text[offset] == UInt8(ascii: "\"") { return offset &+ 1 }
            offset &+= 2
        }
        while offset < text.count {
            switch text[offset] {
            case UInt8(ascii: "\""): return offset &+ 1
            case UInt8(ascii: "\\"): offset &+= 2
            default: offset &+= 1
            }
        }
        return text.count
    }

    /// The offset behind the value at `start`.
    @inline(__always)
    public static func endOfValue(in text: UnsafeRawBufferPointer, at start: Int) -> Int {
        guard start < text.count else { return text.count }
        switch text[start] {
        case UInt8(ascii: "\""): return endOfString(in: text, from: start &+ 1)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return endOfContainer(in: text, at: start)
        default: return endOfScalar(in: text, at: start)
        }
    }

    /// The offset behind the array or object at `start`: where its brackets are balanced, whatever they are.
    private static func endOfContainer(in text: UnsafeRawBufferPointer, at start: Int) -> Int {
        var offset = start
        var depth = 0
        while offset < text.count {
            let byte = text[offset]
            offset &+= 1
            if byte == UInt8(ascii: "\"") {
                offset = endOfString(in: text, from: offset)
                continue
            }
            // One bit tells square brackets from braces; an indirect jump for each of them would be slower.
            let bracket = byte | 0x20
            if bracket == UInt8(ascii: "{") {
                depth &+= 1
            } else if bracket == UInt8(ascii: "}") {
                depth &-= 1
                if depth == 0 { return offset }
            }
        }
        return text.count
    }

    /// The offset behind the number or word at `start`.
    @inline(__always)
    private static func endOfScalar(in text: UnsafeRawBufferPointer, at start: Int) -> Int {
        var offset = start
        while offset < text.count, case let byte = text[offset], byte != UInt8(ascii: ","),
            byte | 0x20 != UInt8(ascii: "}")
        {
            offset &+= 1
        }
        return offset
    }
}
