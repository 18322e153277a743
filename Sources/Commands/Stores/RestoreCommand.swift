import ArgumentParser
import Client
import Store
import Tracker

/// `muster restore`.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a store of a backup.",
        discussion: """
            The store must be empty or not there yet. It has the state of the backup's revision, or of an earlier one that the \
            backup has the history of, and begins a new epoch: etags, cursors and revisions of before mean nothing to it. \
            Backups that this one goes on from are looked for in its folder.

            Examples:
              muster restore monday.backup lmdb:/var/lib/muster/muster
              muster restore monday.backup directory:/srv/fleet --revision 1200
            """)

    @Option(help: "The revision to restore. (default: the backup's)") var revision: UInt64?
    @Argument(help: ArgumentHelp("The backup.", valueName: "backup"), completion: .file()) var backup: String
    @Argument(help: ArgumentHelp("The store to make, as lmdb:PATH.", valueName: "store")) var target: String

    func run() throws {
        let (tools, progress) = (StoreTools(), ProgressLine())
        let restore: BackupRestore
        do throws(StoreError) {
            restore = try BackupRestore(
                BackupFamily.paths(of: backup), revision: revision.map { Revision($0) }, tools.catalog
            ) { progress.tell($0) }
        } catch { throw ClientError(error) }
        let outcome = try tools.with(target, progress) { store throws(StoreError) in try restore.run(into: store) }
        try Console().finish("\(target) has revision \(outcome.revision) with \(outcome.objects) objects\n")
    }
}
