import Foundation
import Testing

/// The tutorial shows the files that are tested, to the letter.
@Suite struct `The tutorial` {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    private static let page = tests.appending(
        path: "../../../Sources/Muster/Documentation.docc/Tutorial.md", directoryHint: .notDirectory)

    /// The blocks of Swift on the page.
    private static func blocks() throws -> [String] {
        let text = try String(contentsOf: page, encoding: .utf8)
        return text.components(separatedBy: "```swift\n").dropFirst().map { part in
            part.components(separatedBy: "```\n")[0]
        }
    }

    @Test(arguments: ["Widgets.swift", "PartForm.swift", "WidgetFacade.swift", "WidgetServer.swift"])
    func `has each file of the example`(name: String) throws {
        let file = try String(contentsOf: Self.tests.appending(path: name), encoding: .utf8)
        #expect(try Self.blocks().contains(file), "\(name) is not on the page as it is: copy it there")
    }

    @Test func `has no more than its example, which is short`() throws {
        let blocks = try Self.blocks()
        #expect(blocks.count == 4)
        let lines = blocks.joined().filter { $0 == "\n" }
        #expect(lines.count <= 300)
    }

    @Test func `changes lines that are there`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let diff = try #require(text.components(separatedBy: "```diff\n").dropFirst().first)
        var (file, hunk, places): (String, [String], Int) = ("", [], 0)
        func look() {
            // The lines in front of a change and behind it stand together, without what the change adds.
            #expect(hunk.isEmpty || file.contains(hunk.joined(separator: "\n") + "\n"), "\(hunk) is not there")
            places += hunk.isEmpty ? 0 : 1
            hunk = []
        }
        for line in diff.components(separatedBy: "\n```")[0].components(separatedBy: "\n") {
            if line.hasPrefix("--- ") {
                look()
                file = try String(contentsOf: Self.tests.appending(path: String(line.dropFirst(4))), encoding: .utf8)
            } else if line == "@@" {
                look()
            } else if !line.hasPrefix("+") {
                hunk.append(String(line.dropFirst()))
            }
        }
        look()
        #expect(places == 5)
    }
}
