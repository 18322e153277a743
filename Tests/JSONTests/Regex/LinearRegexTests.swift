import JSON
import Testing

struct LinearRegexTests {
    @Test(
        arguments: [
            // pattern, texts that match, texts that do not
            ("", ["", "x"], []),
            ("abc", ["abc", "xxabcx"], ["ab", "acb", ""]),
            ("^abc$", ["abc"], ["abcd", "xabc", "abc\n"]),
            ("a.c", ["abc", "a c", "a🦊c"], ["ac", "a\nc"]),
            ("(?s)a.c", ["a\nc"], []),
            ("^a|b$", ["ax", "xb"], ["xax", "bx"]),
            ("^(a|b)*$", ["", "abba"], ["abc"]),
            ("^a+$", ["a", "aaa"], ["", "ab"]),
            ("^a?b$", ["b", "ab"], ["aab"]),
            ("^a{2}$", ["aa"], ["a", "aaa"]),
            ("^a{2,}$", ["aa", "aaaaa"], ["a"]),
            ("^a{1,3}$", ["a", "aaa"], ["", "aaaa"]),
            ("^(ab){0}$", [""], ["ab"]),
            ("a{,2}", ["a{,2}"], ["aa"]),
            ("a{x", ["a{x"], ["a"]),
            ("x{2,1000}y", ["xxy"], ["xy"]),
            ("^a*?b+?c??d{1,2}?$", ["aabbd", "bcdd"], ["aad"]),
            ("^[a-c]+$", ["abc"], ["abd"]),
            ("^[^a-c]+$", ["xyz\n"], ["xaz"]),
            ("^[]a]+$", ["]a"], ["b"]),
            ("^[^]a]$", ["b"], ["]"]),
            ("^[a-]+$", ["a-"], ["b"]),
            ("^[-a]+$", ["a-"], ["b"]),
            ("^[\\d-z]+$", ["1-z"], ["y"]),
            ("^[\\]\\\\]+$", ["]\\"], ["["]),
            ("^[[:alpha:]_]+$", ["aZ_"], ["a1", "é"]),
            ("^[[:^digit:]]$", ["a", "é"], ["1"]),
            ("^[[a]+$", ["[a"], ["b"]),
            ("^\\d+\\w\\s\\D\\W\\S$", ["12_ x-é", "1a\tb !"], ["12"]),
            ("^\\d$", ["7"], ["٣"]),
            ("^\\s$", ["\t", "\n", "\u{0C}", "\r", " "], ["\u{0B}", "\u{A0}"]),
            ("^\\pL+\\pN*$", ["été1", "ж٣", "漢"], ["1", ""]),
            ("^\\p{Lu}\\p{Ll}$", ["Éé"], ["éÉ"]),
            ("^\\PL\\P{N}\\p{^Lu}$", ["1aa"], ["1aA"]),
            ("^[\\pL\\d]+$", ["é1"], ["-"]),
            ("^[^\\pL]$", ["1"], ["é"]),
            ("^\\p{Any}$", ["x", "\n"], ["xy"]),
            ("\\bfoo\\b", ["foo", "a foo!"], ["afoo", "foo_"]),
            ("o\\B", ["foo"], ["fo"]),
            ("\\Aa\\z", ["a"], ["ab", "ba"]),
            ("(?m)^b$", ["a\nb\nc", "b"], ["ab"]),
            ("(?m)\\Ab", ["b"], ["a\nb"]),
            ("(?i)straße", ["STRAßE", "sTraßE"], ["strasse"]),
            ("(?i)k", ["K", "\u{212A}"], ["x"]),
            ("(?i)[k-l]", ["K", "l", "\u{212A}"], ["m"]),
            ("(?i)^[^k]$", ["x"], ["K", "k"]),
            ("(?i)é", ["É"], ["e"]),
            ("a(?i:b)c", ["aBc", "abc"], ["ABC"]),
            ("a(?i)b|c", ["aB", "C"], ["Ab"]),
            ("(?i)a(?-i:b)", ["Ab"], ["AB"]),
            ("((?i)a)b", ["Ab"], ["AB"]),
            ("(?P<year>\\d{4})-(?<m>\\d\\d)", ["2024-05"], ["24-05"]),
            ("(?:ab)+", ["abab"], ["ba"]),
            ("(|a)+b", ["b", "aab"], ["a"]),
            ("(a*)*b", ["aaab"], ["aaaa"]),
            ("\\x41\\x{1F98A}\\101\\t\\.\\-", ["A🦊A\t.-"], ["A"]),
            ("\\Qa.b*\\E+", ["a.b**"], ["axb"]),
            ("\\Qa\\", ["a\\"], ["a"]),
            ("]}", ["]}"], []),
            ("(?i)\\Qab\\Ec", ["ABC"], []),
            ("(?U)a+", ["aa"], ["b"]),
            ("\u{301}", ["e\u{301}"], ["é"]),
        ] as [(String, [String], [String])])
    func `a pattern matches what RE2 matches`(pattern: String, matching: [String], others: [String]) throws {
        let regex = try LinearRegex(pattern)
        for text in matching { #expect(regex.matches(text), "\(pattern) and \(text.debugDescription)") }
        for text in others { #expect(!regex.matches(text), "\(pattern) and \(text.debugDescription)") }
    }

    @Test(arguments: [
        ("(a", "missing closing ): `(a`"), ("a)b", "unexpected ): `a)b`"), ("[a", "missing closing ]: `[a`"),
        ("x[^]", "missing closing ]: `[^]`"), ("*", "missing argument to repetition operator: `*`"),
        ("a|+", "missing argument to repetition operator: `+`"),
        ("(?i)*", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"), ("a+??", "invalid nested repetition operator: `+??`"),
        ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"), ("a{1001}", "invalid repeat count: `{1001}`"),
        ("a{3,2}", "invalid repeat count: `{3,2}`"),
        ("a{99999999999999999999}", "invalid repeat count: `{99999999999999999999}`"),
        ("[z-a]", "invalid character class range: `z-a`"), ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        ("\\pQ", "invalid character class range: `\\pQ`"),
        ("\\p{Greek}", "invalid character class range: `\\p{Greek}`"),
        ("\\1", "invalid escape sequence: `\\1`"), ("\\y", "invalid escape sequence: `\\y`"),
        ("\\Z", "invalid escape sequence: `\\Z`"), ("\\xG0", "invalid escape sequence: `\\xG0`"),
        ("\\x{110000}", "invalid escape sequence: `\\x{110000}`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"), ("(?<=a)", "invalid named capture: `(?<=`"),
        ("(?P=a)", "invalid or unsupported Perl syntax: `(?P=`"),
        ("(?P<n>a)(?P<n>b)", "invalid named capture: `(?P<n>`"),
        ("(?z)", "invalid or unsupported Perl syntax: `(?z`"), ("(?i", "missing closing ): `(?i`"),
    ])
    func `a malformed pattern is refused`(pattern: String, message: String) {
        #expect { try LinearRegex(pattern) } throws: { "\($0)" == "error parsing regexp: \(message)" }
    }

    @Test(arguments: ["((a{100}){100}){100}", "(((){1000}){1000}){1000}", "(a?b?c?d?e?f?){1000}"])
    func `a pattern that unfolds without bounds is refused`(pattern: String) {
        let error = #expect(throws: LinearRegex.SyntaxError.self) { try LinearRegex(pattern) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `a pattern that nests without bounds is refused`() {
        let pattern = String(repeating: "(", count: 10_000) + String(repeating: ")", count: 10_000)
        let error = #expect(throws: LinearRegex.SyntaxError.self) { try LinearRegex(pattern) }
        #expect(error?.code == .nestingDepth)
        #expect(throws: LinearRegex.SyntaxError.self) {
            try LinearRegex("a" + String(repeating: "(?i)*", count: 6_000))
        }
    }

    /// Each of these takes a backtracking engine longer than the universe has existed.
    @Test(.timeLimit(.minutes(10)), arguments: ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*)*=$", "(a?){50}a{50}b"])
    func `no pattern explodes`(pattern: String) throws {
        #expect(try !LinearRegex(pattern).matches(String(repeating: "a", count: 200) + "!"))
    }

    @Test func `names match as the contract says`() throws {
        let name = try LinearRegex("^\\pL+([- _.]+|\\pN+|\\pL+)+$")
        for good in ["ab", "fred-1", "Zürich 2.0", "a_"] { #expect(name.matches(good)) }
        for bad in ["a", "1a", "a/b", "", "-a", "ab\n"] { #expect(!name.matches(bad)) }
    }
}
