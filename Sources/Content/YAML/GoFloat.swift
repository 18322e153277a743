/// The texts that Go makes of numbers with a fraction where ghodss/yaml wants text: those of 32 bits, in Go's format `g`.
enum GoFloat {
    /// `1.5`, `1e+06`, `+Inf`.
    static func text(_ value: Double) -> String {
        let short = Float(value)
        if short.isNaN { return "NaN" }
        if short.isInfinite { return short < 0 ? "-Inf" : "+Inf" }
        let sign = short.sign == .minus ? "-" : ""
        let (digits, point) = decimal(short.magnitude)
        let exponent = point - 1
        return sign + (exponent < -4 || exponent >= 6 ? scientific(digits, exponent) : plain(digits, point))
    }

    /// The shortest digits that tell the value from its neighbours, and how many of them stand before the point.
    private static func decimal(_ value: Float) -> (digits: [Character], point: Int) {
        let parts = value.description.split(separator: "e")
        let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        var digits = Array(halves.joined())
        var point = halves[0].count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        let leading = digits.prefix { $0 == "0" }.count
        digits.removeFirst(leading)
        point -= leading
        while digits.last == "0" { digits.removeLast() }
        return digits.isEmpty ? (["0"], 1) : (digits, point)
    }

    private static func scientific(_ digits: [Character], _ exponent: Int) -> String {
        let fraction = digits.count > 1 ? "." + String(digits.dropFirst()) : ""
        let size = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
        return "\(digits[0])\(fraction)e\(exponent < 0 ? "-" : "+")\(size)"
    }

    private static func plain(_ digits: [Character], _ point: Int) -> String {
        if point <= 0 { return "0." + String(repeating: "0", count: -point) + String(digits) }
        let whole = String(digits.prefix(point)) + String(repeating: "0", count: max(0, point - digits.count))
        return digits.count > point ? "\(whole).\(String(digits.dropFirst(point)))" : whole
    }
}
