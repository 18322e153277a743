import Foundation

/// One Swift file of this repository.
struct SourceFile: Sendable {
    /// The path from the repository's root, `Sources/JSON/…`.
    let path: String
    /// The lines, without their ends.
    let lines: [Substring]
    /// The text.
    let text: String

    /// The last part of the path: exceptions name a file by it, so that they stay when it moves.
    var name: String { String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]) }
    /// The path of the folder that it is in.
    var folder: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
}

/// The Swift files of this repository, as they are on the disk while the tests run.
enum SourceTree {
    /// The repository's root, seen from this file.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// All files under `Sources` and `Tests`, by path.
    static let files: [SourceFile] = (files(under: "Sources") + files(under: "Tests")).sorted { $0.path < $1.path }

    /// The files under a folder, whose path is from the root.
    static func files(under folder: String) -> [SourceFile] {
        let start = root.appending(path: folder)
        guard let paths = FileManager.default.enumerator(atPath: start.path) else { return [] }
        return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.compactMap { path in
            guard let text = try? String(contentsOf: start.appending(path: path), encoding: .utf8) else { return nil }
            let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
            return SourceFile(
                path: "\(folder)/\(path)", lines: body.split(separator: "\n", omittingEmptySubsequences: false),
                text: text)
        }
    }
}
