import Foundation
import Testing

/// The kernel knows no domain: its sources are walked for words that belong to one.
///
/// A word is a whole one, in any place: names of types, fields, layers and texts of refusals, in comments too, since an example
/// from a domain is the beginning of knowing it. What a floor may still have stands in `exceptions`, which only gets shorter.
@Suite("The kernel's sources") struct KernelWordsTests {
    /// Words of dr-provision. Capital and small letters matter, but for the first.
    private static let words: Set<String> = [
        // Whose wire format it is.
        "dr-provision", "drpcli", "rocketskates", "unmarshal", "strconv", "models",
        // Object types, fields that name them, and what runs on machines.
        "machine", "machines", "profile", "profiles", "stage", "stages", "bootenv", "bootenvs", "bootEnv", "workflow",
        "workflows", "jobs", "subnet", "subnets", "lease", "leases", "reservation", "reservations", "params", "param",
        "plugin", "plugins", "endpoint", "endpoints", "preferences", "prefs", "isos", "runner", "template", "templates",
        // Fields that most of them have.
        "validated", "available", "readOnly", "bundle", "partial", "meta", "errors",
        // Layers.
        "backingStore", "localStore", "defaultStore", "basicStore",
    ]

    /// What is a word of a domain only as the text of a field or layer, and plain English or Swift elsewhere.
    private static let onlyQuoted: Set<String> = [
        "validated", "available", "readOnly", "bundle", "partial", "meta", "errors", "jobs",
    ]

    /// Uses that a file still has, and why; each must be needed.
    private static let exceptions: [String: Set<String>] = [
        // The member of a stored pack that holds what the pack says of itself: part of the store's format.
        "Tracker/Layers/Layer+Codec.swift": ["meta"],
        // The same member in events of packs.
        "Tracker/Events/EventMaker.swift": ["meta"],
    ]

    @Test(arguments: ["Tracker", "Access"])
    func `have no word of a domain`(target: String) throws {
        var unneeded = Self.exceptions.filter { $0.key.hasPrefix("\(target)/") }
        let files = try Self.files(of: target)
        #expect(files.count > 20, "the sources of \(target) are not where they should be")
        for (path, text) in files {
            var found: [Int: Set<String>] = [:]
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                for word in Self.words(in: line) {
                    if Self.exceptions[path]?.contains(word) == true {
                        unneeded[path]?.remove(word)
                    } else {
                        found[number + 1, default: []].insert(word)
                    }
                }
            }
            for (line, words) in found.sorted(by: { $0.key < $1.key }) {
                Issue.record("Sources/\(path):\(line) has \(words.sorted().joined(separator: ", "))")
            }
        }
        #expect(unneeded.allSatisfy { $0.value.isEmpty }, "exceptions that nothing needs any more: \(unneeded)")
    }

    @Test func `are searched word by word, texts and comments too`() {
        #expect(Self.words(in: #"let name: TypeName = "machines" // as in `BootEnv`"#) == ["machines", "bootEnv"])
        #expect(Self.words(in: #"if isAvailable { object["Available"] = errors }"#) == ["available"])
        #expect(Self.words(in: "let stagehand = params2 + released.parameters").isEmpty)
    }

    /// The domain's words in a line, as the list spells them.
    private static func words(in line: Substring) -> Set<String> {
        var found: Set<String> = []
        for match in line.matches(of: #/(?<quote>["`/])?(?<word>[A-Za-z][A-Za-z-]*[A-Za-z])(?<rest>[_0-9]?)/#) {
            guard match.output.rest.isEmpty else { continue }
            let word = String(match.output.word)
            let folded = word.prefix(1).lowercased() + word.dropFirst()
            guard words.contains(folded) else { continue }
            if onlyQuoted.contains(folded), match.output.quote != "\"" { continue }
            found.insert(folded)
        }
        return found
    }

    private static func words(in line: String) -> Set<String> { words(in: line[...]) }

    /// The Swift files of a target, by their path below `Sources`.
    private static func files(of target: String) throws -> [(path: String, text: String)] {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
        let walk = FileManager.default.enumerator(atPath: sources.appending(path: target).path)
        var files: [(path: String, text: String)] = []
        while let path = walk?.nextObject() as? String {
            guard path.hasSuffix(".swift") else { continue }
            let file = sources.appending(path: target).appending(path: path)
            files.append(("\(target)/\(path)", try String(contentsOf: file, encoding: .utf8)))
        }
        return files.sorted { $0.path < $1.path }
    }
}
