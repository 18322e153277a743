import Testing

/// The measures of the house: how long files, functions and lines are, and how folders are filled.
@Suite struct `The code keeps its measures` {
    /// Tests are sentences in a row, data or schedules: only their files and lines are measured, not single functions.
    private static let sources = SourceTree.files.filter { $0.path.hasPrefix("Sources/") }

    @Test func `no file has more than 400 lines, and nine in ten have at most 200`() throws {
        let files = SourceTree.files
        try Exceptions.check(
            "long-file",
            files.filter { $0.lines.count > 400 }.map { ($0.name, "\($0.path) has \($0.lines.count) lines: split it") })
        let long = files.count { $0.lines.count > 200 }
        #expect(long * 10 <= files.count, "\(long) of \(files.count) files have more than 200 lines")
    }

    @Test func `files of fewer than 30 lines are merged where they belong`() throws {
        try Exceptions.check(
            "short-file",
            SourceTree.files.filter { $0.lines.count < 30 }
                .map { ($0.name, "\($0.path) has \($0.lines.count) lines: merge it") })
    }

    @Test func `no function has more than 70 lines`() throws { try check(70, "very-long-function") }

    @Test func `functions of more than 40 lines become fewer`() throws { try check(40, "long-function") }

    private func check(_ limit: Int, _ rule: String) throws {
        try Exceptions.check(
            rule,
            Self.sources.flatMap { file in
                file.functions.filter { $0.count > limit }.map {
                    ("\(file.name) \($0.name)", "\(file.path):\($0.line) \($0.name) has \($0.count) lines: split it")
                }
            })
    }

    @Test func `no line has more than 130 characters`() throws {
        try Exceptions.check(
            "long-line",
            SourceTree.files.flatMap { file in
                file.lines.enumerated().filter { $0.element.count > 130 }
                    .map { (file.name, "\(file.path):\($0.offset + 1) has \($0.element.count) characters: break it") }
            })
    }

    @Test func `a folder with files has at least three`() throws {
        let folders = Dictionary(grouping: Self.sources, by: \.folder)
        try Exceptions.check(
            "small-folder",
            folders.filter { $0.value.count < 3 }.map { ($0.key, "\($0.key) has \($0.value.count) files: merge it") })
    }

    @Test func `nothing is left to do in the code`() {
        for file in Self.sources {
            for (number, line) in file.lines.enumerated() where line.contains("TODO") || line.contains("FIXME") {
                Issue.record("\(file.path):\(number + 1) leaves something to do")
            }
        }
    }
}
