public import Basics
public import Store

/// Makes a store of a backup, or of a full one and those that go on from it.
public struct BackupRestore {
    /// What came of it.
    public struct Outcome: Sendable {
        /// The revision that the store has.
        public let revision: Revision
        /// How many objects and packs were restored.
        public let objects: Int
    }

    private let backups: [(path: String, report: BackupReport)]
    private let revision: Revision
    private let start: Revision
    private let catalog: Catalog
    private let environment: Environment
    private let progress: (StoreProgress) -> Void

    /// A restoration of backups that are proven here, so that nothing is done to a store for the sake of damaged ones.
    ///
    /// - Parameters:
    ///   - paths: of a full backup and of those that go on from it, in order.
    ///   - revision: the newest that is wanted; nil for the last one of the backup.
    ///   - catalog: the object types.
    ///   - environment: time and randomness.
    ///   - progress: told how far it is.
    /// - Throws: `corrupt` if a backup is not whole, `unsupported` if they do not belong together, or the revision is not among
    ///   those that they have.
    public init(
        _ paths: [String], revision wanted: Revision? = nil, _ catalog: Catalog,
        environment: Environment = Environment(),
        progress: @escaping (StoreProgress) -> Void
    ) throws(StoreError) {
        let backups = try Self.prove(paths, progress)
        guard let last = backups.last?.report else { throw StoreError(.misuse, "no backup is named") }
        let revisions = last.end.start...max(last.end.start, last.header.revision)
        if let wanted, !revisions.contains(wanted) {
            throw StoreError(
                .unsupported,
                "revision \(wanted) is not in the backup, which has \(last.end.start) to \(last.header.revision)")
        }
        (self.backups, revision, start) = (backups, wanted ?? last.header.revision, last.end.start)
        (self.catalog, self.environment, self.progress) = (catalog, environment, progress)
    }

    /// Fills an empty store with the state of a revision, and with the history that led to it. The store begins a new epoch, so
    /// that etags, cursors and revisions of before mean nothing to it.
    ///
    /// - Parameter target: an empty store.
    /// - Throws: what the store says.
    public func run(into target: any KeyValueStore) throws(StoreError) -> Outcome {
        var transfer = try StoreTransfer(into: target, by: "restore")
        for (path, report) in backups { try add(path, report, to: &transfer) }
        try transfer.flush()
        // A store that keeps no history can tell of no earlier state.
        let rewind = StateRewind(target, start: target.keepsHistory ? start : revision, catalog)
        try rewind.run(to: revision, &transfer)
        try beginEpoch(&transfer)
        try transfer.finish()
        var objects = 0
        try target.scan(.data) { _, _ in
            objects += 1
            return true
        }
        return Outcome(revision: revision, objects: objects)
    }

    /// Proves each backup, and that each goes on from the one before it.
    private static func prove(
        _ paths: [String], _ progress: (StoreProgress) -> Void
    ) throws(StoreError) -> [(path: String, report: BackupReport)] {
        var backups: [(path: String, report: BackupReport)] = []
        for path in paths {
            let report = try BackupVerifier.report(on: path, progress: progress)
            guard report.isWhole else {
                let damage = report.damage.prefix(3).joined(separator: "; ")
                throw StoreError(
                    .corrupt, "the backup \(path) is not whole: \(damage). `muster verify` names all damage")
            }
            let goesOn = report.header.since.map { $0.isSame(as: backups.last?.report.point) } ?? backups.isEmpty
            if !goesOn {
                let before = report.header.since.map { "ends at revision \($0.revision)" } ?? "is empty"
                throw StoreError(
                    .unsupported,
                    "the backup \(path) goes on from one that \(before), and not from the one named before it")
            }
            backups.append((path, report))
        }
        return backups
    }

    private func add(_ path: String, _ report: BackupReport, to transfer: inout StoreTransfer) throws(StoreError) {
        let reader = try BackupReader(path)
        _ = try reader.header()
        if report.header.since != nil {
            // Each backup has all of these.
            try transfer.flush()
            try transfer.clear(.metadata)
            try transfer.clear(.side)
        }
        var shown = 0
        while let (frame, _) = try reader.next() {
            guard let (key, value) = frame.pair else { continue }
            switch frame.kind {
            case .commit: try transfer.put(.commits, key, value)
            case .version: try transfer.put(.versions, key, value)
            case .data: try transfer.put(.data, key, value)
            case .removal: try transfer.remove(.data, key)
            case .metadata: try transfer.put(.metadata, key, value)
            case .side: try transfer.put(.side, key, value)
            case .header, .end: continue
            }
            let percent = reader.position * 100 / max(reader.size, 1)
            if percent > shown {
                shown = percent
                progress(StoreProgress(work: "restoring \(path)", percent: percent))
            }
        }
    }

    /// Has one epoch, which nobody has heard of, count as the one that wrote everything.
    private func beginEpoch(_ transfer: inout StoreTransfer) throws(StoreError) {
        for epoch in try Epochs.recorded(in: transfer.target) {
            try transfer.remove(.metadata, StoreLayout.epochKey(epoch.first))
        }
        let mark = StoreLayout.number(environment.randomBytes(8))
        try transfer.put(
            .metadata, StoreLayout.epochKey(.zero), StoreLayout.bytes(Epoch(mark: mark, first: .zero).mark))
    }
}
