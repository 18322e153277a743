import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for text: parts, case, quotes and searching.
    static let sprigStrings: [Identifier: TemplateFunction] = [
        "hello": .of { _, _ throws(TemplateFailure) in "Hello!" },
        "trim": .text { text, _ throws(TemplateFailure) in GoText.trimmed(text) { $0.properties.isWhitespace } },
        "upper": .text { text, _ throws(TemplateFailure) in GoText.map(text, GoText.upper) },
        "lower": .text { text, _ throws(TemplateFailure) in GoText.map(text, GoText.lower) },
        "title": .text { text, _ throws(TemplateFailure) in WordCase.titled(text) },
        "untitle": .text { text, _ throws(TemplateFailure) in WordCase.untitled(text) },
        "swapcase": .text { text, _ throws(TemplateFailure) in WordCase.swapped(text) },
        "snakecase": .text { text, _ throws(TemplateFailure) in WordCase.joined(text, by: "_") },
        "kebabcase": .text { text, _ throws(TemplateFailure) in WordCase.joined(text, by: "-") },
        "camelcase": .text { text, _ throws(TemplateFailure) in WordCase.camel(text) },
        "initials": .text { text, _ throws(TemplateFailure) in WordCase.initials(text) },
        "nospace": .text { text, _ throws(TemplateFailure) in WordCase.withoutSpace(text) },
        "trimAll": trimAll,
        "trimall": trimAll,
        "trimPrefix": .of(.string, .string) { values, _ throws(TemplateFailure) in
            let (prefix, text) = (values[0].string, values[1].string)
            return .string(text.hasBytePrefix(prefix) ? String(text.utf8.dropFirst(prefix.utf8.count)) ?? text : text)
        },
        "trimSuffix": .of(.string, .string) { values, _ throws(TemplateFailure) in
            let (suffix, text) = (values[0].string, values[1].string)
            return .string(text.hasByteSuffix(suffix) ? String(text.utf8.dropLast(suffix.utf8.count)) ?? text : text)
        },
        "contains": .of(.string, .string) { values, _ throws(TemplateFailure) in
            let (part, text) = (Array(values[0].string.utf8), Array(values[1].string.utf8))
            return .bool(part.isEmpty || GoText.firstIndex(of: part, in: text, from: 0) != nil)
        },
        "hasPrefix": .of(.string, .string) { values, _ throws(TemplateFailure) in
            .bool(values[1].string.hasBytePrefix(values[0].string))
        },
        "hasSuffix": .of(.string, .string) { values, _ throws(TemplateFailure) in
            .bool(values[1].string.hasByteSuffix(values[0].string))
        },
        "plural": .of(.string, .string, .int) { values, _ throws(TemplateFailure) in
            values[values[2].int == 1 ? 0 : 1]
        },
    ]

    private static let trimAll = TemplateFunction.of(.string, .string) { values, _ throws(TemplateFailure) in
        let cut = Set(values[0].string.unicodeScalars)
        return .string(GoText.trimmed(values[1].string) { cut.contains($0) })
    }
}

extension TemplateFunction {
    /// A function of one text that gives a text.
    package static func text(
        _ body: @escaping @Sendable (String, inout TemplateContext) throws(TemplateFailure) -> String
    ) -> TemplateFunction {
        .of(.string) { values, context throws(TemplateFailure) in .string(try body(values[0].string, &context)) }
    }
}
