import Basics

/// Cuts a format into text and verbs, and gives each verb its operand.
struct FormatReader {
    /// A part of what is printed.
    enum Piece {
        case text(ArraySlice<UInt8>)
        case verb(Unicode.Scalar, FormatFlags, TemplateValue)
    }

    private let source: Source
    private let values: [TemplateValue]

    /// The operand that comes next.
    private(set) var index = 0

    /// Whether a number in brackets chose an operand; then superfluous ones are not noticed.
    private(set) var isReordered = false

    private var cursor = 0
    private var flags = FormatFlags()
    private var isGoodIndex = true
    private var isAfterIndex = false
    /// What is wrong with the width or the precision of the verb; shown in front of it.
    private var complaint = ""
    /// The verb after a complaint.
    private var held: Piece?

    init(format: String, values: [TemplateValue]) {
        source = Source(format)
        self.values = values
    }

    private var format: [UInt8] { source.bytes }
    private var byte: UInt8? { source.byte(at: cursor) }

    /// The next piece; nil at the end.
    mutating func next() -> Piece? {
        if let held {
            self.held = nil
            return held
        }
        guard let byte else { return nil }
        guard byte == UInt8(ascii: "%") else {
            let end = format[cursor...].firstIndex(of: UInt8(ascii: "%")) ?? format.count
            defer { cursor = end }
            return .text(format[cursor..<end])
        }
        cursor += 1
        flags = FormatFlags()
        isGoodIndex = true
        readFlags()
        readIndex()
        readWidth()
        readPrecision()
        if !isAfterIndex { readIndex() }
        return verb()
    }

    private mutating func readFlags() {
        while let byte {
            switch byte {
            case UInt8(ascii: "#"): flags.sharp = true
            case UInt8(ascii: "0"): flags.zero = !flags.minus
            case UInt8(ascii: "+"): flags.plus = true
            case UInt8(ascii: "-"): (flags.minus, flags.zero) = (true, false)
            case UInt8(ascii: " "): flags.space = true
            default: return
            }
            cursor += 1
        }
    }

    private mutating func readWidth() {
        guard byte != UInt8(ascii: "*") else {
            cursor += 1
            flags.width = operandNumber()
            if flags.width == nil { complaint += "%!(BADWIDTH)" }
            if let width = flags.width, width < 0 {
                flags.width = -width
                (flags.minus, flags.zero) = (true, false)
            }
            isAfterIndex = false
            return
        }
        flags.width = number()
        if isAfterIndex, flags.width != nil { isGoodIndex = false }
    }

    private mutating func readPrecision() {
        guard byte == UInt8(ascii: "."), cursor + 1 < format.count else { return }
        cursor += 1
        if isAfterIndex { isGoodIndex = false }
        readIndex()
        guard byte == UInt8(ascii: "*") else {
            flags.precision = number() ?? 0
            return
        }
        cursor += 1
        flags.precision = operandNumber().flatMap { $0 < 0 ? nil : $0 }
        if flags.precision == nil { complaint += "%!(BADPREC)" }
        isAfterIndex = false
    }

    /// A decimal number; nil when there is none. One that is too large takes the rest of the format with it.
    private mutating func number() -> Int? {
        var value: Int?
        while let byte, byte.isASCIIDigit {
            if (value ?? 0) > 1_000_000 {
                cursor = format.count
                return nil
            }
            value = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
            cursor += 1
        }
        return value
    }

    /// An operand that is a width or precision; nil when it is no integer or too large.
    private mutating func operandNumber() -> Int? {
        guard index < values.count else { return nil }
        defer { index += 1 }
        let value: Int? =
            switch values[index] {
            case .integer(let number, _): Int(exactly: number)
            case .unsigned(let number, _): Int(exactly: number)
            default: nil
            }
        return value.flatMap { $0.magnitude <= 1_000_000 ? $0 : nil }
    }

    /// Reads the number of an operand in brackets, if there is one.
    private mutating func readIndex() {
        isAfterIndex = false
        guard byte == UInt8(ascii: "[") else { return }
        isReordered = true
        let start = cursor
        guard format.count - start >= 3, let end = format[start...].firstIndex(of: UInt8(ascii: "]")) else {
            cursor = start + 1
            isGoodIndex = false
            return
        }
        cursor = start + 1
        let value = number()
        let isNumber = value != nil && cursor == end
        cursor = end + 1
        isAfterIndex = isNumber
        if isNumber, let value, 1...max(1, values.count) ~= value, !values.isEmpty {
            index = value - 1
        } else {
            isGoodIndex = false
        }
    }

    private mutating func verb() -> Piece {
        guard let verb = source.scalar(at: cursor) else { return text("%!(NOVERB)") }
        cursor += UTF8.width(verb)
        if verb == "%" { return text("%") }
        if !isGoodIndex { return text("%!\(verb)(BADINDEX)") }
        guard index < values.count else { return text("%!\(verb)(MISSING)") }
        let piece = Piece.verb(verb, flags, values[index])
        index += 1
        guard !complaint.isEmpty else { return piece }
        held = piece
        return text("")
    }

    /// A text after the complaint, if there is one.
    private mutating func text(_ text: String) -> Piece {
        defer { complaint = "" }
        return .text(ArraySlice((complaint + text).utf8))
    }
}
