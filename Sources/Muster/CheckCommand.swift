import Access
import ArgumentParser
import Basics
import Commands
import Content
import HTTPServing
import JSON
import ProvisionAPI
import Provisioning
import Scheduling
import Store
import Synchronization
import SystemPackage
import Tracker

/// `muster check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Verify the data of a server that is not running.",
        discussion: """
            Compares tables, indexes, layers, store and history with each other and names every difference, one a line, on \
            standard output. Nothing is written. It takes the flags of `serve`, so that it finds the same data and content; \
            a running server does so by `muster system check`.

            The exit code is 0 if everything agrees, 1 if something does not, and 6 if the data cannot be read.

            Examples:
              muster check --base-root /var/lib/muster
            """)

    @OptionGroup var options: ServeOptions

    /// What was found is what the command is for, so it goes to standard output; progress and errors go elsewhere.
    func run() async throws {
        let settings = try Settings(options)
        let reader = CheckReader()
        do {
            let report = try await Examiner(settings).run { reader.tell($0) }
            guard let report else { return FileHandleOutput.standardOutput("The store is empty.\n") }
            let found = reader.differenceCount == 0 ? "No differences" : "\(reader.differenceCount) differences"
            FileHandleOutput.standardOutput(
                "\(found) at revision \(report.revision): \(report.objects) objects, \(report.commits) commits and "
                    + "\(report.versions) earlier versions compared.\n")
            if reader.differenceCount > 0 { throw ExitCode(ExitStatus.refused.rawValue) }
        } catch let error as StartError {
            FileHandleOutput.standardError("muster: \(error)\n")
            throw ExitCode(ExitStatus.unchecked.rawValue)
        }
    }
}

/// Compares the data that settings lead to.
private struct Examiner {
    let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    /// What the check found; nil if there is no data.
    ///
    /// - Throws: `StartError` saying why it cannot be read.
    func run(_ tell: @escaping @Sendable (CheckEvent) -> Void) async throws -> CheckReport? {
        do {
            let files = BaseRoot(settings.baseRoot).files
            let own = ServerDomains(files: files).catalog
            let store = try settings.openStore(own, isReadOnly: true) {
                FileHandleOutput.standardError("\($0.work): \($0.percent) %\n")
            }
            defer { try? store.close() }
            let providers = try InstalledProviders(in: store, besides: own)
            let catalog = ServerDomains(files: files, rawTypes: providers.rawTypes).catalog
            let reader = ContentPacks(catalog: catalog, features: Set(Features.all.map { Identifier($0) }))
            let packs = try StartupPacks(settings, packs: reader).contents(with: providers)
            for problem in packs.problems {
                for message in problem.messages { tell(.difference("content pack \(problem.pack): \(message)")) }
            }
            let examination = try OfflineCheck(
                store, catalog: catalog, writable: BuiltIn.writableMetadata, packs: packs.layers, tell)
            guard let examination else { return nil }
            if !examination.pending.isEmpty {
                FileHandleOutput.standardOutput(
                    "Content packs changed since the server ran: its next start changes "
                        + "\(examination.pending.count) objects.\n")
            }
            return try await examination.check(tell)
        } catch let error as StoreError where error.code == .locked {
            throw StartError(
                "the store \(settings.backend) is in use: \(error). Ask the running server: GET /api/v3/system/check")
        } catch let error as StoreError {
            throw StartError("the store \(settings.backend) cannot be checked: \(error)")
        } catch let error as TrackerError {
            throw StartError(
                "the store \(settings.backend) cannot be checked: \(error.messages.joined(separator: "; "))")
        }
    }
}

/// Shows differences as they are found, and every two seconds how far the check is.
private final class CheckReader: Sendable {
    private let shown = Mutex(ContinuousClock.now)
    private let count = Mutex(0)

    /// How many differences it was told of.
    var differenceCount: Int { count.withLock { $0 } }

    func tell(_ event: CheckEvent) {
        switch event {
        case .difference(let text):
            count.withLock { $0 += 1 }
            FileHandleOutput.standardOutput("difference: \(text)\n")
        case .progress(let subject, let done, let all):
            let isDue = shown.withLock { shown in
                guard shown.duration(to: .now) > .seconds(2) else { return false }
                shown = .now
                return true
            }
            if isDue { FileHandleOutput.standardError("\(subject): \(done) of \(all)\n") }
        }
    }
}
