import Client
import JSON

/// A JSONPath template as `kubectl` has it: text with paths in braces, such as `{.Name} is {.Params["a/b"]}{"\n"}` or
/// `{.Profiles[*]}`. A text without braces is one path.
struct JSONPathTemplate: Sendable {
    private enum Part {
        case text(String)
        case path([Step])
    }

    private enum Step {
        case member(String)
        case element(Int)
        case all
    }

    private let parts: [Part]

    /// The longest template, in bytes.
    private static let longest = 10_000

    /// The template that `text` spells.
    ///
    /// - Throws: `ClientError` of kind `usage` that says where it is wrong.
    init(_ text: String) throws(ClientError) {
        guard text.utf8.count <= Self.longest else {
            throw ClientError(.usage, "a template may have at most \(Self.longest) bytes")
        }
        var scanner = Scanner(text)
        guard text.contains("{") else {
            parts = [.path(try scanner.steps(until: nil))]
            return
        }
        var parts: [Part] = []
        while let character = scanner.next {
            if character != "{" {
                parts.append(.text(scanner.text(upTo: "{")))
                continue
            }
            scanner.skip()
            if scanner.next == "\"" || scanner.next == "'" {
                parts.append(.text(try scanner.quoted()))
            } else {
                parts.append(.path(try scanner.steps(until: "}")))
            }
            try scanner.expect("}")
        }
        self.parts = parts
    }

    /// What the template gives for a value: several results of a path stand with spaces between.
    func text(of value: JSONValue) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .path(let steps): Self.results(steps[...], of: value).map(Self.plain).joined(separator: " ")
            }
        }.joined()
    }

    private static func results(_ steps: ArraySlice<Step>, of value: JSONValue) -> [JSONValue] {
        guard let step = steps.first else { return [value] }
        let next: [JSONValue]
        switch step {
        case .member(let name): next = value[name].map { [$0] } ?? []
        case .element(let index):
            let values = value.arrayValue ?? []
            let place = index < 0 ? values.count + index : index
            next = values.indices.contains(place) ? [values[place]] : []
        case .all: next = value.arrayValue ?? value.objectValue?.members.map(\.value) ?? []
        }
        return next.flatMap { results(steps.dropFirst(), of: $0) }
    }

    private static func plain(_ value: JSONValue) -> String { value.stringValue ?? value.canonicalText }

    private struct Scanner {
        private var rest: Substring
        private let whole: String

        init(_ text: String) { (whole, rest) = (text, text[...]) }

        var next: Character? { rest.first }

        mutating func skip() { rest = rest.dropFirst() }

        mutating func text(upTo end: Character) -> String {
            let text = rest.prefix { $0 != end }
            rest = rest[text.endIndex...]
            return String(text)
        }

        mutating func expect(_ character: Character) throws(ClientError) {
            guard next == character else { throw wrong("`\(character)` is missing") }
            skip()
        }

        mutating func quoted() throws(ClientError) -> String {
            guard let quote = next else { throw wrong("a quote is missing") }
            skip()
            var text = ""
            while let character = next, character != quote {
                skip()
                if character == "\\", let escaped = next {
                    skip()
                    text.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
                } else {
                    text.append(character)
                }
            }
            try expect(quote)
            return text
        }

        mutating func steps(until end: Character?) throws(ClientError) -> [Step] {
            var steps: [Step] = []
            if next == "$" { skip() }
            while let character = next, character != end {
                switch character {
                case ".":
                    skip()
                    if next == "*" {
                        skip()
                        steps.append(.all)
                    } else {
                        let name = try bareName()
                        if !name.isEmpty { steps.append(.member(name)) }
                    }
                case "[": steps.append(try subscripted())
                default:
                    guard steps.isEmpty else { throw wrong("`\(character)` stands where a `.` or `[` is expected") }
                    let name = try bareName()
                    steps.append(.member(name))
                    if name.isEmpty { throw wrong("`\(character)` begins no path") }
                }
            }
            return steps
        }

        /// A name without quotes, up to what ends it.
        private mutating func bareName() throws(ClientError) -> String {
            let name = rest.prefix { !".[]{}\"'".contains($0) }
            rest = rest[name.endIndex...]
            if let mark = next, mark == "\"" || mark == "'" {
                throw wrong("`\(mark)` stands in a name: write [\"name\"] for names that have some")
            }
            return String(name)
        }

        private mutating func subscripted() throws(ClientError) -> Step {
            skip()
            let step: Step
            if next == "\"" || next == "'" {
                step = .member(try quoted())
            } else {
                let text = rest.prefix { $0 != "]" }
                rest = rest[text.endIndex...]
                if text == "*" {
                    step = .all
                } else if let index = Int(text) {
                    step = .element(index)
                } else {
                    throw wrong("`[\(text)]` is neither a number, `*` nor a quoted name")
                }
            }
            try expect("]")
            return step
        }

        private func wrong(_ reason: String) -> ClientError {
            ClientError(
                .usage, "the template `\(whole)` is wrong at character \(whole.count - rest.count + 1): \(reason)")
        }
    }
}
