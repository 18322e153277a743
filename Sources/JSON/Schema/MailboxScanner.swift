import Basics

/// Recognises one mail address, with or without a display name and angle brackets, as Go's `mail.ParseAddress` does for all
/// but comments and folded lines.
struct MailboxScanner {
    private var rest: Substring.UTF8View

    private init(_ text: String) { rest = text.utf8[...] }

    static func isMailbox(_ text: String) -> Bool {
        var scanner = MailboxScanner(text)
        scanner.skipSpace()
        let start = scanner
        if scanner.takeAddress(), scanner.atEnd { return true }
        scanner = start
        return scanner.takeDisplayName() && scanner.take("<") && scanner.takeAddress() && scanner.take(">")
            && scanner.atEnd
    }

    private var atEnd: Bool { rest.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }

    private mutating func takeAddress() -> Bool {
        let hasLocalPart = rest.first == UInt8(ascii: "\"") ? takeQuoted() : takeDotAtom()
        return hasLocalPart && take("@") && (rest.first == UInt8(ascii: "[") ? takeDomainLiteral() : takeDotAtom())
    }

    /// Words and quoted strings up to the bracket; there may be none.
    private mutating func takeDisplayName() -> Bool {
        while let byte = rest.first, byte != UInt8(ascii: "<") {
            guard byte == UInt8(ascii: "\"") ? takeQuoted() : takeAtom(dots: true) else { return false }
            skipSpace()
        }
        return true
    }

    /// Atoms with single dots between them.
    private mutating func takeDotAtom() -> Bool {
        repeat { guard takeAtom(dots: false) else { return false } } while take(".")
        return true
    }

    private mutating func takeAtom(dots: Bool) -> Bool {
        let atom = rest.prefix { byte in
            byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80 || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
                || dots && byte == UInt8(ascii: ".")
        }
        rest = rest.dropFirst(atom.count)
        return !atom.isEmpty
    }

    private mutating func takeQuoted() -> Bool {
        guard take("\"") else { return false }
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): guard let next = rest.popFirst(), next >= 0x20 else { return false }
            case ..<0x20 where byte != UInt8(ascii: "\t"), 0x7F: return false
            default: break
            }
        }
        return false
    }

    private mutating func takeDomainLiteral() -> Bool {
        guard take("["), let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
        let literal = rest[..<end]
        rest = rest[rest.index(after: end)...]
        return literal.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "\\") }
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: scalar) else { return false }
        rest.removeFirst()
        return true
    }
}
