/// Sizes as people write them: `65536`, `64K`, `16M`, `64G`, `1T`, in powers of 1024.
enum ByteSize {
    private static let units = ["", "K", "M", "G", "T"]

    /// The number of bytes, or nil if the text is no size or too large for an `Int`.
    static func parse(_ text: String) -> Int? {
        let upper = text.uppercased()
        let power = units.indices.last { !units[$0].isEmpty && upper.hasSuffix(units[$0]) } ?? 0
        let digits = upper.dropLast(power > 0 ? 1 : 0)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(digits)
        else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << (10 * power))
        return overflow ? nil : bytes
    }

    /// The size in the largest unit that keeps it a whole number; `parse` reads it back.
    static func format(_ bytes: Int) -> String {
        let power = units.indices.last { bytes > 0 && bytes % (1 << (10 * $0)) == 0 } ?? 0
        return "\(bytes >> (10 * power))\(units[power])"
    }
}
