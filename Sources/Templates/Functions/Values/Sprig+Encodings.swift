import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for paths, encodings, checksums without keys, and random values.
    static let sprigEncodings: [Identifier: TemplateFunction] = [
        "b64enc": .text { text, _ throws(TemplateFailure) in Base64.encode(Array(text.utf8)) },
        "b64dec": .text { text, _ throws(TemplateFailure) in DigitGroups.base64.text(of: text) },
        "b32enc": .text { text, _ throws(TemplateFailure) in DigitGroups.base32.encoded(Array(text.utf8)) },
        "b32dec": .text { text, _ throws(TemplateFailure) in DigitGroups.base32.text(of: text) },
        "adler32sum": .text { text, _ throws(TemplateFailure) in "\(adler32(text))" },
        "base": base, "osBase": base,
        "dir": dir, "osDir": dir,
        "clean": clean, "osClean": clean,
        "ext": ext, "osExt": ext,
        "isAbs": isAbs, "osIsAbs": isAbs,
    ]

    private static let base = TemplateFunction.text { text, _ throws(TemplateFailure) in GoPath.base(of: text) }
    private static let dir = TemplateFunction.text { text, _ throws(TemplateFailure) in GoPath.directory(of: text) }
    private static let clean = TemplateFunction.text { text, _ throws(TemplateFailure) in GoPath.cleaned(text) }
    private static let ext = TemplateFunction.text { text, _ throws(TemplateFailure) in GoPath.suffix(of: text) }
    private static let isAbs = TemplateFunction.of(.string) { values, _ throws(TemplateFailure) in
        .bool(values[0].string.hasBytePrefix("/"))
    }

    private static func adler32(_ text: String) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in text.utf8 {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }
}

/// An encoding that writes bytes as digits in groups, filled up with `=` (RFC 4648).
struct DigitGroups: Sendable {
    /// What faults are called.
    private let name: String
    private let digits: [UInt8]
    private let bitsPerDigit: Int
    private let digitsPerGroup: Int

    static let base32 = DigitGroups(
        name: "base32", digits: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8), bitsPerDigit: 5, digitsPerGroup: 8)

    static let base64 = DigitGroups(
        name: "base64", digits: Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8),
        bitsPerDigit: 6, digitsPerGroup: 4)

    /// The digits of bytes.
    func encoded(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        var (buffer, bits): (UInt32, Int) = (0, 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= bitsPerDigit {
                bits -= bitsPerDigit
                result.append(digits[Int(buffer >> UInt32(bits)) & (digits.count - 1)])
            }
            buffer &= 1 << UInt32(bits) - 1
        }
        if bits > 0 { result.append(digits[Int(buffer << UInt32(bitsPerDigit - bits)) & (digits.count - 1)]) }
        while result.count % digitsPerGroup != 0 { result.append(UInt8(ascii: "=")) }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text that digits stand for, or what is wrong with them, as sprig shows it in place of the text.
    func text(of encoded: String) -> String {
        var bytes: [UInt8] = []
        var (buffer, bits, count): (UInt32, Int, Int) = (0, 0, 0)
        let input = Array(encoded.utf8)
        var offset = 0
        while offset < input.count {
            let byte = input[offset]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                offset += 1
                continue
            }
            guard let value = digits.firstIndex(of: byte) else {
                return isPadding(input, offset, count, bits) ?? String(decoding: bytes, as: UTF8.self)
            }
            buffer = buffer << UInt32(bitsPerDigit) | UInt32(value)
            bits += bitsPerDigit
            count += 1
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
                buffer &= 1 << UInt32(bits) - 1
            }
            offset += 1
        }
        guard count % digitsPerGroup == 0 else { return fault(at: input.count - count % digitsPerGroup) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func fault(at offset: Int) -> String { "illegal \(name) data at input byte \(offset)" }

    /// What is wrong with the end of the digits; nil when it is padding as it must be.
    private func isPadding(_ input: [UInt8], _ offset: Int, _ count: Int, _ bits: Int) -> String? {
        let pad = UInt8(ascii: "=")
        let digitsInGroup = count % digitsPerGroup
        guard input[offset] == pad, digitsInGroup > 0, bits < bitsPerDigit else { return fault(at: offset) }
        var padding = 0
        for (index, byte) in input.enumerated().dropFirst(offset)
        where byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r") {
            guard byte == pad, padding < digitsPerGroup - digitsInGroup else { return fault(at: index) }
            padding += 1
        }
        return padding == digitsPerGroup - digitsInGroup ? nil : fault(at: input.count)
    }
}

/// Paths as Go's `path` takes them apart.
enum GoPath {
    /// The last part of a path.
    static func base(of path: String) -> String {
        guard !path.isEmpty else { return "." }
        guard let end = path.utf8.lastIndex(where: { $0 != UInt8(ascii: "/") }) else { return "/" }
        return String(path[...end].parts(between: "/").last ?? "")
    }

    /// All but the last part.
    static func directory(of path: String) -> String {
        guard let slash = path.lastByteIndex(of: "/") else { return cleaned("") }
        return cleaned(String(path[...slash]))
    }

    /// The last part from its last period on.
    static func suffix(of path: String) -> String {
        let last = path.parts(between: "/").last ?? ""
        return last.lastByteIndex(of: ".").map { String(last[$0...]) } ?? ""
    }

    /// The shortest path that means the same, without looking at files.
    static func cleaned(_ path: String) -> String {
        let isRooted = path.hasBytePrefix("/")
        var parts: [Substring] = []
        for part in path.parts(between: "/") where !part.isEmpty && !part.hasSameUTF8(as: ".") {
            guard part.hasSameUTF8(as: "..") else {
                parts.append(part)
                continue
            }
            if let last = parts.last, !last.hasSameUTF8(as: "..") {
                parts.removeLast()
            } else if !isRooted {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        return isRooted ? "/" + joined : joined.isEmpty ? "." : joined
    }
}
