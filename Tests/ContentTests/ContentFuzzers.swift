import FuzzTesting
import JSON
import Testing
import Tracker

@testable import Content

/// What packs say: their YAML, their versions and what they want beside them.
@Suite struct ContentFuzzers {
    static let all = [
        Fuzzer("yaml", words: yamlWords, rounds: 300) { bytes in
            guard let value = try? YAMLReader.read(bytes).value else { return }
            try FuzzFailure.unless(
                (try? JSONValue(parsing: value.canonicalBytes())) == value, "it is no JSON that can be read back")
        },
        Fuzzer.text("version", words: [">=", "<=", "!=", "==", "||", "x", "*", "v", "1.0", "BasicStore:"]) { text in
            let extreme = ["0.0.0", "1.2.3", "18446744073709551615.18446744073709551615.18446744073709551615"]
            let versions =
                extreme.compactMap { try? SemanticVersion($0) } + ([try? SemanticVersion(text)].compactMap(\.self))
            if let constraint = try? VersionConstraint(text) {
                for version in versions { _ = constraint.holds(for: version) }
            }
            _ = (try? Prerequisites(text, of: "fuzz"))?.warnings(in: nil)
        },
    ]

    private static let yamlWords = [
        "---", "...", "- ", ": ", "? ", "| ", "> ", "|+2", "&a ", "*a", "<<: *a", "!!str ", "!!binary ", "!x ", "~",
        "yes",
        "0o7", "0x1F", "1_000", "52:54:00", ".inf", "-.nan", "2001-12-14", "#", "%YAML 1.1", "\t", "[*a,*a]",
    ]

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}
