import Basics
import JSON

extension FunctionTable {
    /// Sprig's functions for text: cutting, joining and laying out.
    static let sprigTexts: [Identifier: TemplateFunction] = [
        "abbrev": .of(.int, .string) { values, _ throws(TemplateFailure) in
            .string(try Layout.abbreviated(values[1].string, offset: 0, width: values[0].int))
        },
        "abbrevboth": .of(.int, .int, .string) { values, _ throws(TemplateFailure) in
            let (left, right) = (values[0].int, values[1].int)
            guard right >= 4, left <= 0 || right >= 7 else { return values[2] }
            return .string(try Layout.abbreviated(values[2].string, offset: left, width: right))
        },
        "trunc": .of(.int, .string) { values, _ throws(TemplateFailure) in
            let (count, text) = (values[0].int, values[1].string)
            let length = text.utf8.count
            if count < 0, length &+ count > 0 { return .string(try GoText.slice(text, length + count, nil)) }
            return count >= 0 && length > count ? .string(try GoText.slice(text, nil, count)) : values[1]
        },
        "substr": .of(.int, .int, .string) { values, _ throws(TemplateFailure) in
            let (start, end, text) = (values[0].int, values[1].int, values[2].string)
            if start < 0 { return .string(try GoText.slice(text, nil, end)) }
            let isOpen = end < 0 || end > text.utf8.count
            return .string(try GoText.slice(text, start, isOpen ? nil : end))
        },
        "repeat": .of(.int, .string) { values, context throws(TemplateFailure) in
            .string(try context.repeated(values[1].string, values[0].int))
        },
        "indent": .of(.int, .string) { values, context throws(TemplateFailure) in
            .string(try context.indented(values[1].string, values[0].int))
        },
        "nindent": .of(.int, .string) { values, context throws(TemplateFailure) in
            .string("\n" + (try context.indented(values[1].string, values[0].int)))
        },
        "replace": .of(.string, .string, .string) { values, context throws(TemplateFailure) in
            let parts = Layout.parts(of: values[2].string, at: values[0].string)
            return try context.joined(parts, by: values[1].string)
        },
        "wrap": .of(.int, .string) { values, context throws(TemplateFailure) in
            try context.joined(Layout.wrapped(values[1].string, values[0].int, cutsWords: false), by: "\n")
        },
        "wrapWith": .of(.int, .string, .string) { values, context throws(TemplateFailure) in
            let lines = Layout.wrapped(values[2].string, values[0].int, cutsWords: true)
            return try context.joined(lines, by: values[1].string.isEmpty ? "\n" : values[1].string)
        },
        "cat": .of(variadic: .any) { values, context throws(TemplateFailure) in
            var texts: [String] = []
            for value in values where !value.isNothing { texts.append(try context.text(of: value)) }
            return try context.joined(texts, by: " ")
        },
        "quote": .of(variadic: .any) { values, context throws(TemplateFailure) in
            var texts: [String] = []
            for value in values where !value.isNothing { texts.append(GoLiteral.quoted(try context.strval(value))) }
            return try context.joined(texts, by: " ")
        },
        "squote": .of(variadic: .any) { values, context throws(TemplateFailure) in
            var texts: [String] = []
            for value in values where !value.isNothing { texts.append("'\(try context.text(of: value))'") }
            return try context.joined(texts, by: " ")
        },
        "toString": .of(.any) { values, context throws(TemplateFailure) in .string(try context.strval(values[0])) },
        "toStrings": .of(.any) { values, context throws(TemplateFailure) in .strings(try context.strings(values[0])) },
        "join": .of(.string, .any) { values, context throws(TemplateFailure) in
            try context.joined(try context.strings(values[1]), by: values[0].string)
        },
        "split": .of(.string, .string) { values, context throws(TemplateFailure) in
            context.numbered(GoText.split(values[1].string, by: values[0].string))
        },
        "splitn": .of(.string, .int, .string) { values, context throws(TemplateFailure) in
            context.numbered(GoText.split(values[2].string, by: values[0].string, limit: values[1].int))
        },
        "splitList": .of(.string, .string) { values, _ throws(TemplateFailure) in
            .strings(GoText.split(values[1].string, by: values[0].string))
        },
    ]
}

extension TemplateContext {
    fileprivate mutating func repeated(_ text: String, _ count: Int) throws(TemplateFailure) -> String {
        guard count >= 0 else { throw TemplateFailure("strings: negative Repeat count") }
        let (length, isOver) = text.utf8.count.multipliedReportingOverflow(by: count)
        try spend(bytes: isOver ? .max : length)
        return String(repeating: text, count: count)
    }

    fileprivate mutating func indented(_ text: String, _ count: Int) throws(TemplateFailure) -> String {
        let pad = try repeated(" ", count)
        return pad + (try joined(GoText.split(text, by: "\n"), by: "\n" + pad)).string
    }

    /// Parts as a map with the keys `_0`, `_1` and so on.
    fileprivate mutating func numbered(_ parts: [String]) -> TemplateValue {
        let entries = parts.enumerated().map { (Identifier("_\($0.offset)"), TemplateValue.string($0.element)) }
        return map(Dictionary(uniqueKeysWithValues: entries), of: .string)
    }
}

/// Text cut and filled up to a width in bytes.
private enum Layout {
    /// The text with its end, and its beginning if the offset is beyond the fourth byte, replaced by dots.
    static func abbreviated(_ text: String, offset: Int, width: Int) throws(TemplateFailure) -> String {
        let length = text.utf8.count
        guard width >= 4, length > width else { return text }
        let room = width - 3
        var offset = min(offset, length)
        if length - offset < room { offset = length - room }
        guard offset > 4 else { return try GoText.slice(text, nil, room) + "..." }
        guard width >= 7 else { return "" }
        guard offset + room < length else { return "..." + (try GoText.slice(text, length - room, nil)) }
        // Dots at both ends take from the width twice.
        return "..." + (try abbreviated(try GoText.slice(text, offset, nil), offset: 0, width: room))
    }

    /// The parts between the places that a replacement goes to; without a text to be replaced, those are all
    /// places between characters and both ends.
    static func parts(of text: String, at old: String) -> [String] {
        old.isEmpty ? [""] + text.unicodeScalars.map { String($0) } + [""] : GoText.split(text, by: old)
    }

    /// Lines of at most a width, broken at spaces. A word that is longer is cut, or stays whole.
    static func wrapped(_ text: String, _ width: Int, cutsWords: Bool) -> [String] {
        let (bytes, width) = (Array(text.utf8), max(1, width))
        let space = UInt8(ascii: " ")
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while bytes.count - start > width {
            if bytes[start] == space {
                start += 1
                continue
            }
            let end = start + width
            if let gap = bytes[start...end].lastIndex(of: space) {
                lines.append(bytes[start..<gap])
                start = gap + 1
            } else if cutsWords {
                lines.append(bytes[start..<end])
                start = end
            } else if let gap = bytes[end...].firstIndex(of: space) {
                lines.append(bytes[start..<gap])
                start = gap + 1
            } else {
                return (lines + [bytes[start...]]).map { String(decoding: $0, as: UTF8.self) }
            }
        }
        return (lines + [bytes[start...]]).map { String(decoding: $0, as: UTF8.self) }
    }
}
