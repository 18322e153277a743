import Client
import Foundation
import JSON
import Testing

/// The documentation of the client shows a file that is compiled and run here, to the letter.
@Suite struct `The documentation of the client` {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    private static let page = tests.appending(
        path: "../../Sources/Client/Documentation.docc/MusterClient.md", directoryHint: .notDirectory)

    @Test func `has the example as it is compiled`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let blocks = text.components(separatedBy: "```swift\n").dropFirst().map { part in
            part.components(separatedBy: "```\n")[0]
        }
        let file = try String(contentsOf: Self.tests.appending(path: "StoppedMachines.swift"), encoding: .utf8)
        #expect(blocks == [file], "StoppedMachines.swift is not on the page as it is: copy it there")
    }

    @Test func `names only what there is`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let sources = Self.tests.appending(path: "../../Sources/Client", directoryHint: .isDirectory)
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        let code = try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        for link in text.components(separatedBy: "``").enumerated().filter({ $0.offset % 2 == 1 }).map(\.element)
        where link != "Client" && !link.contains("(") {
            let name = link.components(separatedBy: "/").last ?? ""
            let isDeclared = ["class", "struct", "enum", "actor"].contains { code.contains("public \($0) \(name)") }
            #expect(isDeclared || code.contains("public final class \(name)"), "\(link) is not declared")
        }
    }

    @Test func `tells of a server that is not there`() async {
        await #expect { _ = try await stoppedMachines(of: "http://127.0.0.1:1", user: "kate", password: "") } throws: {
            ($0 as? ClientError)?.kind == .unreachable
        }
    }
}
