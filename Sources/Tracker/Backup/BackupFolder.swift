import Basics
import Glibc
import Store

/// The folder of the server's own backups.
public struct BackupFolder: Sendable {
    private let path: String

    /// The folder at a path; it is made when it is needed.
    public init(_ path: String) { self.path = path }

    /// Makes a backup of the newest state.
    ///
    /// - Parameters:
    ///   - name: of the file.
    ///   - base: the name of a backup to go on from; nil for a full one.
    /// - Returns: what a look at it would find.
    /// - Throws: `alreadyExists` if there is such a file, `notFound` if `base` is not there, `invalid` if it cannot be gone on
    ///   from, `unavailable` if the disk or the store fails.
    public func make(
        _ name: String, since base: String?, _ tracker: DataTracker
    ) async throws(TrackerError) -> BackupReport {
        let target = "\(path)/\(name)"
        let point = if let base { try await Self.point(of: "\(path)/\(base)") } else { nil as BackupPoint? }
        var producer = try await BackupProducer(tracker, since: point)
        let file = try await Self.blocking { [path] () throws(StoreError) in
            try Directory.create(path)
            return try BackupFile(target)
        }
        do throws(TrackerError) {
            var next = try await producer.next()
            while let chunk = next {
                // One is written while the next is made.
                async let written = Self.write(chunk, to: file)
                next = try await producer.next()
                try await written.get()
            }
            try await Self.blocking { () throws(StoreError) in try file.finish() }
            return producer.report
        } catch {
            file.discard()
            throw error
        }
    }

    private static func write(_ chunk: [UInt8], to file: BackupFile) async -> Result<Void, TrackerError> {
        do throws(TrackerError) {
            return .success(try await blocking { () throws(StoreError) in try file.write(chunk) })
        } catch {
            return .failure(error)
        }
    }

    private static func point(of path: String) async throws(TrackerError) -> BackupPoint {
        let report = try await blocking { () throws(StoreError) in try BackupVerifier.report(on: path) }
        guard report.isWhole else {
            throw TrackerError(.invalid, "", "The backup to go on from is not whole: make a full one")
        }
        return report.point
    }

    private static func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Value
    ) async throws(TrackerError) -> Value {
        do throws(StoreError) {
            return try await BlockingPool.shared.run(body)
        } catch {
            let code: TrackerError.Code =
                switch error.code {
                case .notFound: .notFound
                case .locked: .alreadyExists
                case .corrupt, .unsupported: .invalid
                default: .unavailable
                }
            throw TrackerError(code, "", error.description)
        }
    }
}
