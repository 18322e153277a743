import Basics
import Glibc

/// Where the programs and files of plug-in providers are on disk. All of it blocks.
struct ProviderFolders: Sendable {
    private let root: String
    private let files: String

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

    /// What waits under a name. Its files are on the file system of their place, and in no list of files.
    func staged(_ name: String) -> StagedProvider {
        StagedProvider(program: "\(staging)/\(name)", files: "\(files)/\(Self.stagedPrefix)\(name)")
    }

    private static let stagedPrefix = ".upload-"

    /// Has an installed program wait in the staging folder once more.
    ///
    /// - Returns: whether it does.
    func stageInstalled(_ provider: String) -> Bool {
        let program = staged(provider).program
        unlink(program)
        return Folder.make(staging) && link(self.program(provider), program) == 0
    }

    /// Puts a program that waits, and its files, in the places of those that a provider had.
    ///
    /// - Returns: why that cannot be; nil if it is done.
    func take(_ place: StagedProvider, as provider: String) -> String? {
        let target = "\(files)/\(provider)"
        guard Folder.make(files) else { return reason(files) }
        Folder.removeAll(target)
        guard rename(place.files, target) == 0 else { return reason(target) }
        guard rename(place.program, program(provider)) == 0 else { return reason(program(provider)) }
        // Both names of one file are left by `rename` as they are.
        unlink(place.program)
        return nil
    }

    /// Takes away all that there is of a provider.
    func removeAll(of provider: String) {
        unlink(program(provider))
        Folder.removeAll("\(files)/\(provider)")
    }

    /// Takes away what a server left waiting that was killed.
    func removeLeftovers() {
        Folder.removeAll(staging)
        for name in Folder.names(in: files) ?? [] where name.hasBytePrefix(Self.stagedPrefix) {
            Folder.removeAll("\(files)/\(name)")
        }
    }

    private func reason(_ path: String) -> String {
        "\(path) cannot be put in place: \(String(cString: strerror(errno)))"
    }
}

/// A program that waits to become a provider's, and the files that it has unpacked. All of it blocks.
struct StagedProvider: Sendable {
    /// Where the program is.
    let program: String
    /// Where its files are.
    let files: String

    /// How long a program may take for `define` and `unpack`.
    private static let (definitionTime, unpackTime) = (Duration.seconds(30), Duration.seconds(300))
    /// How many bytes it may say of itself.
    private static let longestDefinition = 32 << 20

    /// Asks the program what it is, and has it unpack its files.
    ///
    /// - Parameters:
    ///   - provider: the provider that it is to be.
    ///   - limits: what it may take.
    /// - Throws: why it is no plug-in provider.
    func define(as provider: String, _ limits: ProgramLimits) throws(ProgramError) -> ProviderDefinition {
        chmod(program, 0o755)
        let scratch = "\(program).scratch"
        guard Folder.make(scratch) else { throw ProgramError("the directory \(scratch) cannot be made") }
        defer { Folder.removeAll(scratch) }
        var launch = ProgramLaunch(
            path: program, arguments: ["define"], environment: [], directory: scratch, limits: limits)
        let output = try launch.answer(within: Self.definitionTime, most: Self.longestDefinition)
        let definition = try ProviderDefinition(output, named: provider)
        Folder.removeAll(files)
        guard Folder.make(files) else { throw ProgramError("the directory \(files) cannot be made") }
        launch.arguments = ["unpack", files]
        _ = try launch.answer(within: Self.unpackTime, most: Self.longestDefinition)
        return definition
    }

    /// Takes away what waits.
    func discard() {
        unlink(program)
        Folder.removeAll(files)
    }
}
