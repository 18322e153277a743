import ArgumentParser
import Client
import JSON
import Store
import Tracker

/// `muster verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prove that a backup is whole.",
        discussion: """
            Every entry has a checksum, every commit record a hash with all before it, and the end proves that nothing is \
            missing. What is damaged is named, a line each. The exit code is 1 if anything is.

            Examples:
              muster verify monday.backup
              muster verify monday.backup -o json
            """)

    @OptionGroup var form: OutputOptions
    @Argument(help: ArgumentHelp("The backup.", valueName: "backup"), completion: .file()) var backup: String

    func run() throws {
        let progress = ProgressLine()
        let report: BackupReport
        do throws(StoreError) { report = try BackupVerifier.report(on: backup) { progress.tell($0) } } catch {
            progress.clear()
            throw ClientError(error)
        }
        progress.clear()
        guard report.isWhole else {
            try Console().finish(report.damage.map { "damaged: \($0)\n" }.joined())
            throw ClientError(.refused, "\(backup) is not whole: \(report.damageCount) parts are damaged")
        }
        try Console().finish(try form.output.text(of: report.summary(backup)) { $0.canonicalText })
    }
}
