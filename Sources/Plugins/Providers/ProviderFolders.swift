import Basics
import Glibc

/// Where the programs and files of plug-in providers are on disk. All of it blocks.
struct ProviderFolders: Sendable {
    private let root: String
    private let files: String

    /// How long a program may take for `define` and `unpack`.
    private static let (definitionTime, unpackTime) = (Duration.seconds(30), Duration.seconds(300))
    /// How many bytes it may say of itself.
    private static let longestDefinition = 32 << 20

    init(_ settings: PluginSettings) { (root, files) = (settings.programs, settings.files) }

    /// The folder in which programs wait that are uploaded.
    var staging: String { "\(root)/.staging" }

    /// The program of a provider.
    func program(_ provider: String) -> String { "\(root)/\(provider)" }

    /// The names of all programs.
    var programs: [String] {
        (Folder.names(in: root) ?? []).filter { name in
            !name.hasBytePrefix(".") && StoredFile("\(root)/\(name)") != nil
        }.sortedByBytes()
    }

    /// Has an installed program wait in the staging folder once more.
    ///
    /// - Returns: whether it does.
    func stageInstalled(_ provider: String) -> Bool {
        guard Folder.make(staging) else { return false }
        unlink(staged(provider))
        return link(program(provider), staged(provider)) == 0
    }

    /// Asks the program that waits what it is, and has it unpack its files.
    ///
    /// - Throws: why it is no plug-in provider.
    func define(_ provider: String, _ settings: PluginSettings) throws(ProgramError) -> ProviderDefinition {
        let program = staged(provider)
        chmod(program, 0o755)
        let scratch = "\(staging)/.scratch"
        guard Folder.make(scratch) else { throw ProgramError("the directory \(scratch) cannot be made") }
        defer { Folder.removeAll(scratch) }
        var launch = ProgramLaunch(
            path: program, arguments: ["define"], environment: [], directory: scratch, limits: settings.limits)
        let output = try launch.answer(within: Self.definitionTime, most: Self.longestDefinition)
        let definition = try ProviderDefinition(output, named: provider)
        Folder.removeAll(stagedFiles(provider))
        guard Folder.make(stagedFiles(provider)) else {
            throw ProgramError("the directory \(stagedFiles(provider)) cannot be made")
        }
        launch.arguments = ["unpack", stagedFiles(provider)]
        _ = try launch.answer(within: Self.unpackTime, most: Self.longestDefinition)
        return definition
    }

    /// Puts the program that waits, and its files, in their places.
    ///
    /// - Returns: why that cannot be; nil if it is done.
    func place(_ provider: String) -> String? {
        let target = "\(files)/\(provider)"
        guard Folder.make(files) else { return reason(files) }
        Folder.removeAll(target)
        guard rename(stagedFiles(provider), target) == 0 else { return reason(target) }
        guard rename(staged(provider), program(provider)) == 0 else { return reason(program(provider)) }
        // Both names of one file are left by `rename` as they are.
        unlink(staged(provider))
        return nil
    }

    /// Takes away what waits.
    func discard(_ provider: String) {
        unlink(staged(provider))
        Folder.removeAll(stagedFiles(provider))
    }

    /// Takes away all that there is of a provider.
    func removeAll(of provider: String) {
        unlink(program(provider))
        Folder.removeAll("\(files)/\(provider)")
    }

    private func staged(_ provider: String) -> String { "\(staging)/\(provider)" }

    /// On the same file system as the files' place.
    private func stagedFiles(_ provider: String) -> String { "\(files)/.upload-\(provider)" }

    private func reason(_ path: String) -> String {
        "\(path) cannot be put in place: \(String(cString: strerror(errno)))"
    }
}
