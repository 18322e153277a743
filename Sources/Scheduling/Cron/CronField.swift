import Basics

/// One of the five fields of a cron expression: which numbers it may have, and their names.
struct CronField: Sendable {
    /// What messages call it.
    let name: String
    /// The numbers that may stand in it.
    let range: ClosedRange<Int>
    /// The names of the numbers from the first one on, in small letters.
    let names: [Substring]

    static let minute = CronField(name: "minute", range: 0...59, names: [])
    static let hour = CronField(name: "hour", range: 0...23, names: [])
    static let day = CronField(name: "day of the month", range: 1...31, names: [])
    static let month = CronField(
        name: "month", range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    /// Sunday is both 0 and 7.
    static let weekday = CronField(
        name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    /// The numbers that a field's text names: a list of `*`, numbers and ranges, the latter with steps.
    ///
    /// - Throws: `CronError` that quotes the part which makes no sense.
    func values(of text: Substring) throws(CronError) -> BitSet {
        var values = BitSet()
        for item in text.parts(between: ",") { values.formUnion(try itemValues(of: item)) }
        return values
    }

    private func itemValues(of item: Substring) throws(CronError) -> BitSet {
        let parts = item.parts(between: "/")
        guard parts.count <= 2, let first = parts.first else { throw refusal(item, "has more than one step") }
        let isStar = first.hasSameUTF8(as: "*")
        let ends = first.parts(between: "-")
        guard isStar || ends.count <= 2 else { throw refusal(item, "is no range") }
        guard parts.count == 1 || isStar || ends.count == 2 else {
            throw refusal(item, "has a step but no range: write \(first)-\(range.upperBound)/\(parts[1])")
        }
        var (low, high) = (range.lowerBound, range.upperBound)
        if !isStar {
            low = try number(ends[0], in: item)
            high = try number(ends[ends.count - 1], in: item)
        }
        guard low <= high else { throw refusal(item, "runs backwards: write two ranges") }
        let step = parts.count == 2 ? try self.step(parts[1], in: item) : 1
        return BitSet(stride(from: low, through: high, by: step))
    }

    private func number(_ text: Substring, in item: Substring) throws(CronError) -> Int {
        if let number = Self.digits(text) {
            guard range.contains(number) else {
                throw refusal(item, "is not from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        let folded = text.asciiLowercased
        guard let position = names.firstIndex(where: { $0.hasSameUTF8(as: folded) }) else {
            throw refusal(item, "is no number\(names.isEmpty ? "" : " or name")")
        }
        return range.lowerBound + position
    }

    private func step(_ text: Substring, in item: Substring) throws(CronError) -> Int {
        guard let step = Self.digits(text), 1...range.upperBound ~= step else {
            throw refusal(item, "has no step from 1 to \(range.upperBound)")
        }
        return step
    }

    private func refusal(_ item: Substring, _ problem: String) -> CronError {
        CronError(description: "the \(name) `\(item.prefix(40))` \(problem)")
    }

    /// A number of one or two digits; nil for anything else.
    private static func digits(_ text: Substring) -> Int? {
        guard 1...2 ~= text.utf8.count, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return Int(text)
    }
}
