import ArgumentParser
import Basics
import Client
import Content
import JSON

/// `muster packs new`.
struct NewPackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make the folder of a new pack.",
        discussion: """
            Examples:
              muster packs new shop
              muster packs new shop packs/shop
            """)

    @Argument(help: "The pack's name.") var name: String
    @Argument(help: "The folder; by default it is called as the pack.", completion: .directory) var folder: String?

    func validate() throws {
        let isPlain = name.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "-_.".utf8.contains($0) }
        if !isPlain || name.isEmpty || name.hasBytePrefix(".") {
            throw ValidationError("A pack's name has letters, digits, - and _ only, not `\(name)`")
        }
    }

    func run() throws {
        let folder = folder ?? name
        let content: JSONValue = [
            "meta": [
                "Name": .string(name), "Version": "v0.1.0", "Description": .string("What \(name) is for"),
                "Author": "", "Prerequisites": "",
            ],
            "sections": [
                "profiles": [
                    name: ["Name": .string(name), "Description": .string("Params of \(name)"), "Params": [:]]
                ]
            ],
        ]
        try PackFolder(content).write(to: folder, replacing: false)
        try Console.show(
            "\(folder) is a pack. `muster packs lint \(folder)` checks it, `muster packs apply` uploads it")
    }
}

/// `muster packs lint`.
struct LintPackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check a pack without a server.",
        discussion: """
            It is loaded as a server without other packs would load it. Each problem is a line. \
            The exit code is 0 if there is none, and 1 if there are some; what is only odd is \
            told too, and counts with --strict. As JSON it is an array of {kind, text}.

            Examples:
              muster packs lint shop/
              muster packs lint --strict shop.yaml
              muster packs lint shop/ -o json
            """)

    @Argument(help: "The pack's folder or file.", completion: .file()) var path: String
    @Flag(help: "Take what is odd for a problem.") var strict = false
    @OptionGroup var form: OutputOptions

    func run() async throws {
        let (title, problems, warnings) = await findings()
        if form.output.isStructured {
            let rows =
                problems.map { JSONValue.object(["kind": "problem", "text": .string($0)]) }
                + warnings.map { .object(["kind": "warning", "text": .string($0)]) }
            try Console().finish(try form.output.text(of: .array(rows)) { $0.canonicalText })
        } else {
            for line in problems { try Console.show("\(path): \(line)") }
            for line in warnings { try Console.show("\(path): warning: \(line)") }
        }
        if !problems.isEmpty || strict && !warnings.isEmpty { throw ExitCode(ExitStatus.refused.rawValue) }
        if !form.output.isStructured { try Console.show("\(title): no problems") }
    }

    /// What the pack calls itself, what is wrong with it and what is odd.
    private func findings() async -> (title: String, problems: [String], warnings: [String]) {
        do throws(ClientError) {
            let pack = try await PackSource.read(path)
            let (problems, warnings) = try await PackTools.findings(on: pack)
            return ("\(pack.name) \(pack.version)", problems, warnings)
        } catch {
            return (path, error.message.parts(between: "\n").map(String.init), [])
        }
    }
}

/// `muster packs bundle`.
struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Make one file of a pack's folder.",
        discussion: """
            Of a git working tree, the file says in CodeSource which commit it was made of.

            Examples:
              muster packs bundle shop/ > shop.yaml
              muster packs bundle shop/ shop.json
            """)

    @Argument(help: "The pack's folder.", completion: .directory) var folder: String
    @Argument(
        help: "The file, JSON if it ends so; without it, YAML goes to standard output.", completion: .file())
    var file: String?

    func run() throws {
        let pack = try PackSource(folder, PackTools.current.reader.catalog).sent()
        guard let file else { return try Console().finish(YAMLText.text(of: pack)) }
        try LocalFile.write(file.hasByteSuffix(".json") ? pack.prettyText() + "\n" : YAMLText.text(of: pack), to: file)
    }
}

/// `muster packs unbundle`.
struct UnbundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unbundle", abstract: "Make a folder of a pack's file.",
        discussion: """
            Examples:
              muster packs unbundle shop.yaml shop/
              muster packs get shop -o json > shop.json && muster packs unbundle shop.json
            """)

    @Argument(help: "The pack's file.", completion: .file()) var file: String
    @Argument(help: "The folder; by default it is called as the pack.", completion: .directory) var folder: String?
    @Flag(help: "Replace files that are there.") var force = false

    func run() throws {
        let pack = try PackSource(file, PackTools.current.reader.catalog)
        let parts = try PackFolder(pack.content)
        let folder = folder ?? pack.name
        guard !folder.isEmpty else { throw ClientError(.usage, "the pack has no name: say which folder to make") }
        try parts.write(to: folder, replacing: force)
        try Console.show("\(folder): \(parts.files.count) files")
    }
}
