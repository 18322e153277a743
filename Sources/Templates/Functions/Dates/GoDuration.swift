import Basics

/// Durations in nanoseconds as Go reads and writes them.
enum GoDuration {
    private static let units: [(name: String, nanoseconds: UInt64)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// The nanoseconds of a text such as `-1h30m`.
    static func nanoseconds(of text: String) throws(TemplateFailure) -> Int64 {
        let invalid = TemplateFailure("time: invalid duration \(GoLiteral.quoted(text))")
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        if rest.elementsEqual("0".utf8) { return 0 }
        guard !rest.isEmpty else { throw invalid }
        var total: UInt64 = 0
        let limit: UInt64 = 1 << 63
        while !rest.isEmpty {
            let whole = rest.prefix(while: \.isASCIIDigit)
            rest = rest.dropFirst(whole.count)
            var fraction: ArraySlice<UInt8> = []
            if rest.first == UInt8(ascii: ".") {
                fraction = rest.dropFirst().prefix(while: \.isASCIIDigit)
                rest = rest.dropFirst(1 + fraction.count)
            }
            guard !whole.isEmpty || !fraction.isEmpty else { throw invalid }
            let name = String(decoding: rest.prefix { $0 != UInt8(ascii: ".") && !$0.isASCIIDigit }, as: UTF8.self)
            rest = rest.dropFirst(name.utf8.count)
            guard !name.isEmpty else {
                throw TemplateFailure("time: missing unit in duration \(GoLiteral.quoted(text))")
            }
            guard let unit = units.first(where: { $0.name.hasSameUTF8(as: name) })?.nanoseconds else {
                throw TemplateFailure(
                    "time: unknown unit \(GoLiteral.quoted(name)) in duration \(GoLiteral.quoted(text))")
            }
            guard let value = whole.isEmpty ? 0 : UInt64(String(decoding: whole, as: UTF8.self)), value <= limit / unit
            else {
                throw invalid
            }
            let part = Double("0." + String(decoding: fraction, as: UTF8.self) + "0") ?? 0
            let (sum, isOver) = total.addingReportingOverflow(value * unit + UInt64(part * Double(unit)))
            guard !isOver, sum <= limit else { throw invalid }
            total = sum
        }
        if isNegative { return total == limit ? .min : -Int64(total) }
        guard total < limit else { throw invalid }
        return Int64(total)
    }

    /// A text such as `1h30m0s`.
    static func text(_ nanoseconds: Int64) -> String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        switch magnitude {
        case 0: return "0s"
        case ..<1000: return "\(sign)\(magnitude)ns"
        case ..<1_000_000: return sign + fractional(magnitude, 1000) + "µs"
        case ..<1_000_000_000: return sign + fractional(magnitude, 1_000_000) + "ms"
        default: break
        }
        let minutes = magnitude / 60_000_000_000
        let seconds = fractional(magnitude % 60_000_000_000, 1_000_000_000) + "s"
        if minutes == 0 { return sign + seconds }
        return sign + (minutes >= 60 ? "\(minutes / 60)h" : "") + "\(minutes % 60)m" + seconds
    }

    private static func fractional(_ value: UInt64, _ unit: UInt64) -> String {
        var rest = value % unit
        var digits = ""
        var place = unit / 10
        while rest > 0 {
            digits += "\(rest / place)"
            rest %= place
            place /= 10
        }
        return "\(value / unit)" + (digits.isEmpty ? "" : "." + digits)
    }
}
