/// A set of Unicode scalars: ranges and general categories, possibly turned round or blind to case.
struct ScalarClass: Sendable {
    /// In any order, overlapping or not; once `finished`, ascending with gaps between them.
    private(set) var ranges: [ClosedRange<UInt32>] = []
    /// General categories, a bit each.
    private(set) var categories: CategorySet = []
    private(set) var isNegated = false
    private(set) var foldsCase = false
    /// Membership of the ASCII scalars once `finished`, a bit each.
    private var ascii: (low: UInt64, high: UInt64) = (0, 0)

    init() {}

    init(_ ranges: [ClosedRange<UInt32>], negated: Bool = false) {
        self.ranges = ranges
        if negated { self.ranges = Self.complement(of: ranges) }
    }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func insert(_ scalar: Unicode.Scalar) { ranges.append(scalar.value...scalar.value) }

    mutating func insert(_ more: CategorySet) { categories.formUnion(more) }

    mutating func insert(_ other: ScalarClass) {
        ranges += other.ranges
        categories.formUnion(other.categories)
    }

    /// The class as it is matched: fixed, with its table for ASCII filled in.
    func finished(negated: Bool = false, foldsCase: Bool = false) -> ScalarClass {
        var result = self
        result.ranges = Self.merged(ranges)
        result.isNegated = negated
        result.foldsCase = foldsCase
        for value in UInt32(0)..<128 where result.decides(Unicode.Scalar(UInt8(value))) {
            if value < 64 { result.ascii.low |= 1 << value } else { result.ascii.high |= 1 << (value - 64) }
        }
        return result
    }

    /// Whether the scalar belongs to the class; only once `finished`.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<64: ascii.low >> scalar.value & 1 == 1
        case ..<128: ascii.high >> (scalar.value - 64) & 1 == 1
        default: decides(scalar)
        }
    }

    private func decides(_ scalar: Unicode.Scalar) -> Bool {
        (lists(scalar) || foldsCase && scalar.otherCases.contains(where: lists)) != isNegated
    }

    private func lists(_ scalar: Unicode.Scalar) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar.value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(scalar.value)
            || !categories.isEmpty && categories.contains(CategorySet(scalar.properties.generalCategory))
    }

    /// The same scalars in as few ranges as there can be, in order.
    private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            // Scalars end far below the largest number.
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    private static func complement(of ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
        return gaps
    }
}

extension ScalarClass {
    /// `.` with the flag `s`.
    static let anything = ScalarClass([0...0x10FFFF]).finished()
    /// `.`
    static let anythingButLineFeed = ScalarClass([0x0A...0x0A]).finished(negated: true)
    /// `\w`, for word boundaries.
    static let wordScalars = perl("w")!.finished()

    /// The class of a Perl escape such as `\d`; these know ASCII only, as in RE2.
    static func perl(_ letter: Unicode.Scalar) -> ScalarClass? {
        switch letter {
        case "d", "D": posix("digit", negated: letter == "D")
        case "w", "W": posix("word", negated: letter == "W")
        case "s", "S": ScalarClass([0x09...0x0A, 0x0C...0x0D, 0x20...0x20], negated: letter == "S")
        default: nil
        }
    }

    /// The class of a POSIX name such as `alpha` in `[[:alpha:]]`.
    static func posix(_ name: String, negated: Bool) -> ScalarClass? {
        let (digits, upper, lower): (ClosedRange<UInt32>, ClosedRange<UInt32>, ClosedRange<UInt32>) =
            (0x30...0x39, 0x41...0x5A, 0x61...0x7A)
        let ranges: [ClosedRange<UInt32>]? =
            switch name {
            case "alnum": [digits, upper, lower]
            case "alpha": [upper, lower]
            case "ascii": [0...0x7F]
            case "blank": [0x09...0x09, 0x20...0x20]
            case "cntrl": [0...0x1F, 0x7F...0x7F]
            case "digit": [digits]
            case "graph": [0x21...0x7E]
            case "lower": [lower]
            case "print": [0x20...0x7E]
            case "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]
            case "space": [0x09...0x0D, 0x20...0x20]
            case "upper": [upper]
            case "word": [digits, upper, lower, 0x5F...0x5F]
            case "xdigit": [digits, 0x41...0x46, 0x61...0x66]
            default: nil
            }
        return ranges.map { ScalarClass($0, negated: negated) }
    }
}

extension Unicode.Scalar {
    /// The scalars that differ from this one in case only, as far as single scalars go; may repeat and may list itself.
    var otherCases: [Unicode.Scalar] {
        // The tables of Unicode would make strings for each.
        if isASCII {
            let letter = UInt8(value) | 0x20
            guard UInt8(ascii: "a")...UInt8(ascii: "z") ~= letter else { return [self] }
            return [Unicode.Scalar(letter), Unicode.Scalar(letter & 0x5F)]
        }
        let upper = properties.uppercaseMapping.onlyScalar ?? self
        let lower = properties.lowercaseMapping.onlyScalar ?? self
        return [
            upper, lower, upper.properties.lowercaseMapping.onlyScalar, lower.properties.uppercaseMapping.onlyScalar,
        ]
        .compactMap(\.self)
    }
}

extension String {
    fileprivate var onlyScalar: Unicode.Scalar? { unicodeScalars.count == 1 ? unicodeScalars.first : nil }
}
