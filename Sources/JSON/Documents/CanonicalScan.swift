import Basics
import Glibc

/// Tells canonical JSON by one walk along its bytes, without making values of them.
///
/// Where it says yes, that is so. It says no also where it does not look: keys with escapes, and what is nested deeper than
/// 256 levels. Whoever has to know parses then.
struct CanonicalScan {
    private let text: UnsafeRawBufferPointer
    private var offset = 0

    /// Each level is a call inside the call of the level above.
    private static let deepest = 256

    /// Whether `text` is surely canonical, with no more than `maxDepth` arrays and objects open at once.
    static func isCanonical(_ text: UnsafeRawBufferPointer, maxDepth: Int) -> Bool {
        var scan = CanonicalScan(text: text)
        return scan.takeValue(depth: min(maxDepth, deepest)) && scan.offset == text.count
    }

    private init(text: UnsafeRawBufferPointer) { self.text = text }

    /// Steps over a value that may open `depth` more levels.
    private mutating func takeValue(depth: Int) -> Bool {
        guard offset < text.count else { return false }
        switch text[offset] {
        case UInt8(ascii: "\""): return takeString()
        case UInt8(ascii: "{"): return depth > 0 && takeObject(depth: depth - 1)
        case UInt8(ascii: "["): return depth > 0 && takeArray(depth: depth - 1)
        case UInt8(ascii: "t"): return take(word: "true")
        case UInt8(ascii: "f"): return take(word: "false")
        case UInt8(ascii: "n"): return take(word: "null")
        default: return takeNumber()
        }
    }

    private mutating func takeArray(depth: Int) -> Bool {
        offset += 1
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            guard takeValue(depth: depth) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    private mutating func takeObject(depth: Int) -> Bool {
        offset += 1
        if take(UInt8(ascii: "}")) { return true }
        var last: Range<Int>?
        repeat {
            let start = offset + 1
            guard takeKey(), take(UInt8(ascii: ":")) else { return false }
            let key = start..<offset - 2
            if let last, !precedes(last, key) { return false }
            last = key
            guard takeValue(depth: depth) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    /// Whether the bytes of one key sort before those of another.
    private func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        let start = text.baseAddress!
        let order = memcmp(start + left.lowerBound, start + right.lowerBound, min(left.count, right.count))
        return order != 0 ? order < 0 : left.count < right.count
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        guard offset < text.count, text[offset] == byte else { return false }
        offset &+= 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard offset + count <= text.count, memcmp(text.baseAddress! + offset, word.utf8Start, count) == 0 else {
            return false
        }
        offset += count
        return true
    }
}

extension CanonicalScan {
    /// Steps over a key without escapes.
    private mutating func takeKey() -> Bool {
        guard take(UInt8(ascii: "\"")) else { return false }
        let start = offset
        offset = text.nextSpecial(from: start)
        return isUTF8(start..<offset) && take(UInt8(ascii: "\""))
    }

    private mutating func takeString() -> Bool {
        offset += 1
        while true {
            let start = offset
            offset = text.nextSpecial(from: start)
            guard isUTF8(start..<offset), offset < text.count else { return false }
            if take(UInt8(ascii: "\"")) { return true }
            guard takeEscape() else { return false }
        }
    }

    /// Steps over an escape of the one kind that canonical text has for its character.
    private mutating func takeEscape() -> Bool {
        guard text[offset] == UInt8(ascii: "\\"), offset + 1 < text.count else { return false }
        switch text[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"),
            UInt8(ascii: "f"), UInt8(ascii: "r"):
            offset += 2
            return true
        case UInt8(ascii: "u"): return takeControlEscape()
        default: return false
        }
    }

    /// Steps over `\u00` and two digits, which stand for a control character that has no shorter escape.
    private mutating func takeControlEscape() -> Bool {
        guard offset + 6 <= text.count, text[offset + 2] == UInt8(ascii: "0"), text[offset + 3] == UInt8(ascii: "0"),
            case let high = text[offset + 4] &- UInt8(ascii: "0"), high < 2
        else { return false }
        let low: UInt8
        switch text[offset + 5] {
        case let digit where digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9"): low = digit - UInt8(ascii: "0")
        case let digit where digit >= UInt8(ascii: "a") && digit <= UInt8(ascii: "f"):
            low = digit - UInt8(ascii: "a") + 10
        default: return false
        }
        guard ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(high << 4 | low) else { return false }
        offset += 6
        return true
    }

    private func isUTF8(_ range: Range<Int>) -> Bool {
        if text.isASCII(range) { return true }
        return (try? UTF8Span(validating: text.codeUnits(range).span)) != nil
    }

    /// Steps over a number. A whole one of few digits is told by its digits; of all others the value is written again.
    private mutating func takeNumber() -> Bool {
        let start = offset
        let isNegative = take(UInt8(ascii: "-"))
        let digits = offset
        while offset < text.count, text[offset] &- UInt8(ascii: "0") < 10 { offset &+= 1 }
        let count = offset - digits
        let isWhole =
            offset == text.count || ![UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(text[offset])
        if isWhole, count > 0, count < 19 {
            return text[digits] != UInt8(ascii: "0") || count == 1 && !isNegative
        }
        guard let scan = JSONNumberScan(text, at: start), let number = scan.number(in: text, from: start) else {
            return false
        }
        offset = scan.end
        return number.bytes.elementsEqual(text[start..<offset])
    }
}

extension UnsafeRawBufferPointer {
    /// Whether all bytes of a range are ASCII.
    @inline(__always)
    fileprivate func isASCII(_ range: Range<Int>) -> Bool {
        var offset = range.lowerBound
        while offset &+ 8 <= range.upperBound {
            if WordSearch.nonASCII(in: word(at: offset)) != 0 { return false }
            offset &+= 8
        }
        while offset < range.upperBound {
            if self[offset] >= 0x80 { return false }
            offset &+= 1
        }
        return true
    }
}
