import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for regular expressions.
    static let sprigPatterns: [Identifier: TemplateFunction] = [
        "regexMatch": .of(.string, .string) { values, context throws(TemplateFailure) in
            guard let finder = try? RegexFinder(values[0].string) else { return .bool(false) }
            return .bool(try !context.matches(finder, values[1].string, limit: 1).isEmpty)
        },
        "mustRegexMatch": .of(.string, .string) { values, context throws(TemplateFailure) in
            let finder = try context.finder(values[0].string, isMust: true)
            return .bool(try !context.matches(finder, values[1].string, limit: 1).isEmpty)
        },
        "regexQuoteMeta": .text { text, _ throws(TemplateFailure) in PatternText.quoted(text) },
    ].merging(withMust("RegexFind", find)) { $1 }
        .merging(withMust("RegexFindAll", findAll)) { $1 }
        .merging(withMust("RegexReplaceAll", { replace(isLiteral: false, isMust: $0) })) { $1 }
        .merging(withMust("RegexReplaceAllLiteral", { replace(isLiteral: true, isMust: $0) })) { $1 }
        .merging(withMust("RegexSplit", split)) { $1 }

    /// A function under its name and under that with `must`, whose error for a faulty pattern has other words.
    private static func withMust(
        _ name: String, _ function: (_ isMust: Bool) -> TemplateFunction
    ) -> [Identifier: TemplateFunction] {
        [Identifier("r" + name.dropFirst()): function(false), Identifier("must" + name): function(true)]
    }

    private static func find(isMust: Bool) -> TemplateFunction {
        .of(.string, .string) { values, context throws(TemplateFailure) in
            let finder = try context.finder(values[0].string, isMust: isMust)
            let text = PatternText(values[1].string)
            return .string(text[try context.matches(finder, text, limit: 1).first?.range])
        }
    }

    private static func findAll(isMust: Bool) -> TemplateFunction {
        .of(.string, .string, .int) { values, context throws(TemplateFailure) in
            let finder = try context.finder(values[0].string, isMust: isMust)
            let text = PatternText(values[1].string)
            let matches = try context.matches(finder, text, limit: values[2].int)
            return matches.isEmpty ? .list(TemplateList(nilOf: .string)) : .strings(matches.map { text[$0.range] })
        }
    }

    private static func replace(isLiteral: Bool, isMust: Bool) -> TemplateFunction {
        .of(.string, .string, .string) { values, context throws(TemplateFailure) in
            let finder = try context.finder(values[0].string, isMust: isMust)
            let text = PatternText(values[1].string)
            let pieces = isLiteral ? [.text(values[2].string)] : PatternText.pieces(of: values[2].string, finder)
            var (parts, end): ([String], Int) = ([], 0)
            for match in try context.matches(finder, text) {
                parts.append(text[end..<match.range.lowerBound])
                for piece in pieces {
                    switch piece {
                    case .text(let text): parts.append(text)
                    case .group(let number): parts.append(text[match.ranges[number]])
                    }
                }
                end = match.range.upperBound
            }
            return try context.joined(parts + [text[end..<text.scalars.count]], by: "")
        }
    }

    private static func split(isMust: Bool) -> TemplateFunction {
        .of(.string, .string, .int) { values, context throws(TemplateFailure) in
            let finder = try context.finder(values[0].string, isMust: isMust)
            let (text, limit) = (PatternText(values[1].string), values[2].int)
            guard limit != 0 else { return .list(TemplateList(nilOf: .string)) }
            if !finder.isEmpty, text.scalars.isEmpty { return .strings([""]) }
            var (parts, start, end): ([String], Int, Int) = ([], 0, 0)
            for match in try context.matches(finder, text, limit: limit) {
                if limit > 0, parts.count == limit - 1 { break }
                end = match.range.lowerBound
                if match.range.upperBound != 0 { parts.append(text[start..<end]) }
                start = match.range.upperBound
            }
            if end != text.scalars.count { parts.append(text[start..<text.scalars.count]) }
            return .strings(parts)
        }
    }
}

extension TemplateContext {
    fileprivate mutating func finder(_ pattern: String, isMust: Bool) throws(TemplateFailure) -> RegexFinder {
        try spend(pattern.utf8.count)
        do throws(LinearRegex.SyntaxError) {
            return try RegexFinder(pattern)
        } catch {
            guard !isMust else { throw TemplateFailure("\(error)") }
            let isRaw = pattern.unicodeScalars.allSatisfy { GoLiteral.mayStandRaw($0) }
            throw TemplateFailure("regexp: Compile(\(isRaw ? "`\(pattern)`" : GoLiteral.quoted(pattern))): \(error)")
        }
    }

    fileprivate mutating func matches(
        _ finder: RegexFinder, _ text: String, limit: Int = -1
    ) throws(TemplateFailure) -> [RegexFinder.Match] {
        try matches(finder, PatternText(text), limit: limit)
    }

    fileprivate mutating func matches(
        _ finder: RegexFinder, _ text: PatternText, limit: Int = -1
    ) throws(TemplateFailure) -> [RegexFinder.Match] {
        var work = StepBudget(max(0, limits.steps - steps))
        let matches = finder.matches(in: text.scalars, limit: limit, within: &work)
        try spend(work.steps)
        return matches
    }
}
