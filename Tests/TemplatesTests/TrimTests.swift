import StoreTesting
import Templates
import Testing

@Suite struct TrimTests {
    @Test(arguments: [
        ("x \r\n\t{{- 3}}", "[x]{{3}}"), ("{{3 -}}\n\n\ty", "{{3}}[y]"), ("x {{- 3 -}} y", "[x]{{3}}[y]"),
        ("x\n{{-  3   -}}\ny", "[x]{{3}}[y]"), ("x {{-\n3\n-}} y", "[x]{{3}}[y]"), ("x {{-\t3\t-}} y", "[x]{{3}}[y]"),
        (" \n{{- 3 -}} \n", "{{3}}"), ("{{3 -}} \n {{- 4}}", "{{3}}{{4}}"), ("x {{-3}} y", "[x ]{{-3}}[ y]"),
        ("x {{3 -4}} y", "[x ]{{3 -4}}[ y]"), ("x {{- -3 -}} y", "[x]{{-3}}[y]"),
        ("x {{- /* c */}} y", "[x][ y]"), ("x {{/* c */ -}} y", "[x ][y]"), ("x {{- /* c */ -}} y", "[x][y]"),
        ("x {{-\n/* c */\n-}} y", "[x][y]"), ("x\u{A0}{{- 3}}", "[x\u{A0}]{{3}}"), ("x\u{B}{{- 3}}", "[x\u{B}]{{3}}"),
        ("ä {{- .X -}} ö", "[ä]{{.X}}[ö]"), ("a{{- if .X -}} b {{- end -}} c", "[a]{{if .X}}b{{end}}[c]"),
        ("x { {{- 1}}", "[x {]{{1}}"), ("x {{ \"-}}\" }}", "[x ]{{\"-}}\"}}"),
    ])
    func `markers take away space`(text: String, expected: String) throws {
        #expect(outline(try parse(text).root) == expected)
    }

    /// Templates made of text segments and actions with random markers, against trimming the segments by hand.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `segments come back with the right ends trimmed`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            var text = ""
            var expected: [String] = []
            var segment = Self.segment(&random)
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let (trimsLeft, trimsRight) = (Bool.random(using: &random), Bool.random(using: &random))
                let content = [".X", "/* c */", "$", "\" -}} \""].randomElement(using: &random)!
                text += segment.text + (trimsLeft ? "{{- " : "{{") + content + (trimsRight ? " -}}" : "}}")
                expected += [segment.shown(trimmingEnd: trimsLeft)]
                segment = Self.segment(&random)
                segment.trimsStart = trimsRight
            }
            text += segment.text
            expected += [segment.shown(trimmingEnd: false)]
            let texts = try parse(text).root.compactMap { node in
                if case .text(let text, _) = node { text } else { nil }
            }
            #expect(texts == expected.filter { !$0.isEmpty }, "seed \(seed): \(text)")
        }
    }

    private struct Segment {
        let start: String
        let middle: String
        let end: String
        var trimsStart = false

        var text: String { start + middle + end }

        /// The segment as a parser must show it. One of space alone is gone if either side trims it.
        func shown(trimmingEnd: Bool) -> String {
            if middle.isEmpty { return trimsStart || trimmingEnd ? "" : text }
            return (trimsStart ? "" : start) + middle + (trimmingEnd ? "" : end)
        }
    }

    private static func segment(_ random: inout SeededGenerator) -> Segment {
        func space() -> String {
            String((0..<Int.random(in: 0...3, using: &random)).map { _ in " \n\t".randomElement(using: &random)! })
        }
        let middle = ["", "x", "ä b", "}", "{ -}} \u{301}y", "#\u{A0}"].randomElement(using: &random)!
        return Segment(start: space(), middle: middle, end: space())
    }
}
