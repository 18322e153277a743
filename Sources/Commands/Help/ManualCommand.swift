import ArgumentParser

/// `muster manual`, which packaging calls.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Write the pages of the manual into a folder.",
        discussion: """
            Each command has a page in section 1, each topic one in section 7. Pages that are there are written anew.

            Examples:
              muster manual /usr/local/share/man
              muster manual man && man -l man/man1/muster.1
            """, shouldDisplay: false)

    @Argument(help: "The folder, which gets man1 and man7.", completion: .directory) var folder: String

    func run() throws {
        guard let program = CommandProgram.current, let root = CommandTree(program.root) else { return }
        let pages = ManualPage.all(of: root, version: program.root.configuration.version)

        try LocalFile.makeFolder(folder)
        for page in pages {
            // The name ends with the section, as in muster.1.
            let section = "man" + String(page.file.utf8.suffix(1))!
            try LocalFile.makeFolder("\(folder)/\(section)")
            try LocalFile.write(page.text, to: "\(folder)/\(section)/\(page.file)")
        }
        Console.note("\(pages.count) pages are in \(folder)")
    }
}
