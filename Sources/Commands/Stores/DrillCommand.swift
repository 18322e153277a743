import ArgumentParser
import Basics
import Client
import Glibc
import Store
import Tracker

/// `muster drill`.
struct DrillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Try a backup: restore it into scratch and check what comes of it.",
        discussion: """
            It proves the backup, makes a store of it in a new folder, compares all that the store keeps in more than one form, \
            and takes the folder away. The exit code is 1 if anything is wrong.

            Examples:
              muster drill monday.backup
              muster drill monday.backup --scratch /mnt/big
            """)

    @Option(help: "The folder for the store while it is tried. (default: TMPDIR, or /tmp)", completion: .directory)
    var scratch: String?
    @Option(help: "The revision to restore. (default: the backup's)") var revision: UInt64?
    @Argument(help: ArgumentHelp("The backup.", valueName: "backup"), completion: .file()) var backup: String

    func run() async throws {
        let (tools, progress) = (StoreTools(), ProgressLine())
        let start = ContinuousClock.now
        let (backup, revision, scratch) = (backup, revision.map { Revision($0) }, scratch)
        let folder = try await BlockingPool.shared.run { () throws(ClientError) in try ScratchFolder(in: scratch) }
        defer { folder.remove() }
        let opened = await BlockingPool.shared.run {
            Result { () throws(StoreError) in
                let restore = try BackupRestore(
                    BackupFamily.paths(of: backup), revision: revision, tools.catalog
                ) { progress.tell($0) }
                let store = try tools.open(folder.locator, progress)
                return (store, try restore.run(into: store))
            }
        }
        let (store, outcome) = try Self.get(opened)
        defer { try? store.close() }
        let checked = await PackTools.current.check(store) { event in
            if case .progress(let subject, let done, let all) = event { progress.tell("\(subject): \(done) of \(all)") }
        }
        let report = try Self.get(checked)
        progress.clear()
        for difference in report.differences { try Console.show("difference: \(difference)") }
        guard report.isClean else {
            throw ClientError(.refused, "\(backup) can be restored, but \(report.differenceCount) things do not agree")
        }
        try Console().finish(
            """
            \(backup) can be restored: revision \(outcome.revision), \(report.objects) objects, \(report.commits) commits and \
            \(report.versions) earlier versions agree; \(start.duration(to: .now).components.seconds) s

            """)
    }

    private static func get<Value>(_ result: Result<Value, StoreError>) throws(ClientError) -> Value {
        do throws(StoreError) { return try result.get() } catch { throw ClientError(error) }
    }
}

/// A folder that is there for as long as a command needs it.
private struct ScratchFolder {
    let path: String

    init(in parent: String?) throws(ClientError) {
        let parent = parent ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/muster-drill-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ClientError(.usage, "cannot make a folder in \(parent): \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The locator of a store in it.
    var locator: String {
        "lmdb:" + PercentEncoding.encode(path.utf8) { PercentEncoding.isUnreserved($0) || $0 == UInt8(ascii: "/") }
    }

    /// Takes away the folder with the files of the store.
    func remove() {
        Folder.removeAll(path)
    }
}
