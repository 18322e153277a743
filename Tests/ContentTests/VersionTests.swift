import Content
import Testing

@Suite struct `Versions of packs` {
    @Test(arguments: [
        ("1.2.3", "1.2.3"), ("v1.2.3", "1.2.3"), ("v4.8.0-muster.1", "4.8.0"), ("1.2", "1.2.0"), ("3", "3.0.0"),
        ("", "0.0.0"),
        ("1.2.3+build", "1.2.3"),
    ])
    func `are read tolerantly`(text: String, version: String) throws {
        #expect(try SemanticVersion(text).description == version)
    }

    @Test(arguments: [
        ("1.2.foo", "Invalid character(s) found in patch number \"foo\""),
        ("x.2.3", "Invalid character(s) found in major number \"x\""),
        ("1.02.3", "Minor number must not contain leading zeroes \"02\""),
        ("1.2.3.4", "No Major.Minor.Patch elements found"),
        ("1..3", "Invalid character(s) found in minor number \"\""),
    ])
    func `that are none say which part is wrong`(text: String, reason: String) {
        #expect { try SemanticVersion(text) } throws: { ($0 as? VersionError)?.description == reason }
    }

    @Test func `compare by number, not by text`() throws {
        #expect(try SemanticVersion("1.10.0") > SemanticVersion("1.9.9"))
        #expect(try SemanticVersion("2.0.0") > SemanticVersion("1.99.99"))
    }

    @Test(arguments: [
        (">=4.6.0", "4.8.0", true), (">=4.6.0", "4.5.9", false), (">1.0.0 <2.0.0", "1.5.0", true),
        (">1.0.0 <2.0.0", "2.0.0", false), ("<1.0.0 || >=2.0.0", "2.1.0", true), ("<1.0.0 || >=2.0.0", "1.1.0", false),
        ("1.x", "1.9.3", true), ("1.x", "2.0.0", false), ("!1.2.3", "1.2.3", false), ("!=1.2.3", "1.2.4", true),
        ("== 1.2.3", "1.2.3", true), ("1.2.3", "1.2.4", false), ("", "0.0.1", true), ("*", "7.0.0", true),
        ("<=1.x", "1.9.9", true), (">1.x", "1.9.9", false), (">1.x", "2.0.0", true), ("<1.x", "1.0.0", false),
        (">=1.2.x", "1.2.0", true), ("<=1.2.x", "1.3.0", false), ("<1.0.0||>=2.0.0", "2.1.0", true),
        (">=1.0.18446744073709551615", "4.8.0", true), (">1.18446744073709551615.x", "1.18446744073709551615.9", false),
        ("<=18446744073709551615.x", "4.8.0", true), ("!18446744073709551615.x", "4.8.0", true),
        ("18446744073709551615.18446744073709551615.18446744073709551615", "4.8.0", false),
    ])
    func `pass constraints`(constraint: String, version: String, passes: Bool) throws {
        #expect(try VersionConstraint(constraint).holds(for: SemanticVersion(version)) == passes)
    }

    @Test(arguments: ["=>1.0.0", "1.x.3", "what", "<", "||", "1.0.0 ||", "1.0.0 | 2.0.0", ">=1.0.18446744073709551616"])
    func `refuse constraints that are none`(constraint: String) {
        #expect(throws: VersionError.self) { try VersionConstraint(constraint) }
    }
}
