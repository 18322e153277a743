import Basics
public import Store

/// What a look at a backup found.
public struct BackupReport: Sendable {
    /// What it says of itself.
    public let header: BackupHeader
    /// How it ends.
    public internal(set) var end = BackupEnd()
    /// The size of the file in bytes.
    public internal(set) var size = 0
    /// What is damaged, by name: the first of it.
    public internal(set) var damage: [String] = []
    /// How much is damaged.
    public internal(set) var damageCount = 0

    /// Whether it is whole.
    public var isWhole: Bool { damageCount == 0 }

    /// The point where it ends.
    public var point: BackupPoint {
        BackupPoint(revision: header.revision, mark: header.mark, chain: end.chain)
    }

    init(_ header: BackupHeader, _ end: BackupEnd = BackupEnd(), size: Int = 0) {
        (self.header, self.end, self.size) = (header, end, size)
    }
}

/// Proves that a backup is whole, without a store.
public struct BackupVerifier {
    private var report: BackupReport
    private var chain: BackupChain
    private var counts: [BackupFrame.Kind: Int] = [:]
    private var last: Revision
    private var hasEnd = false
    /// Commits that have no record: the first of each row of them, and the one after it.
    private var gaps: [(first: Revision, next: Revision)] = []

    /// How much damage is named.
    private static let most = 100

    /// Reads the backup at `path` to its end.
    ///
    /// - Parameter progress: told how far it is, in percent.
    /// - Throws: `notFound`, `unsupported`, or `corrupt` if it is none or so damaged that no more can be told.
    public static func report(
        on path: String, progress: (StoreProgress) -> Void = { _ in }
    ) throws(StoreError) -> BackupReport {
        let reader = try BackupReader(path)
        var verifier = BackupVerifier(try reader.header())
        verifier.report.size = reader.size
        var shown = 0
        do throws(StoreError) {
            while let (frame, isWhole) = try reader.next() {
                verifier.take(frame, isWhole, reader.endSum)
                let percent = reader.size > 0 ? reader.position * 100 / reader.size : 100
                if percent > shown {
                    shown = percent
                    progress(StoreProgress(work: "verifying \(path)", percent: percent))
                }
            }
        } catch  where error.code == .corrupt {
            verifier.complain(error.message)
        }
        if !verifier.hasEnd { verifier.complain("the end is missing: it was cut off, or is being written yet") }
        return verifier.report
    }

    private init(_ header: BackupHeader) {
        report = BackupReport(header)
        chain = header.since.map { BackupChain($0.chain) } ?? BackupChain()
        last = header.since?.revision ?? .zero
    }

    private mutating func complain(_ text: String) {
        report.damageCount += 1
        if report.damage.count < Self.most { report.damage.append(text) }
    }

    private mutating func take(_ frame: BackupFrame, _ isWhole: Bool, _ sum: [UInt8]) {
        if hasEnd { return complain("there is more behind its end") }
        if !isWhole { complain("\(Self.name(of: frame)) is damaged") }
        guard frame.kind != .end else { return finish(frame, sum) }
        counts[frame.kind, default: 0] += 1
        if frame.kind == .commit {
            chain.add(frame.content)
            guard isWhole else { return }
            let revision = Revision(StoreLayout.number(frame.pair?.key ?? []))
            if report.header.since != nil || last > .zero, revision != last.next { gaps.append((last.next, revision)) }
            last = revision
        } else if isWhole, frame.pair == nil, frame.kind != .header {
            complain("an entry of \(frame.kind.name) has no key")
        }
    }

    private mutating func finish(_ frame: BackupFrame, _ sum: [UInt8]) {
        hasEnd = true
        guard let end = BackupEnd(frame.content) else { return complain("its end cannot be read") }
        report.end = end
        if !end.hasCounts(counts) { complain("it has other numbers of entries than its end says") }
        if end.chain != chain.value { complain("its commit records are not those that its end proves") }
        if end.sum != sum { complain("its bytes are not those that its end proves") }
        // What was forgotten while the backup was made is not missing.
        for gap in gaps where gap.next > end.start.next {
            complain("the commits from \(gap.first) to before \(gap.next) are missing")
        }
        if last != report.header.revision, report.header.revision > .zero, counts[.commit] ?? 0 > 0 {
            complain("it ends at commit \(last), and not at revision \(report.header.revision)")
        }
    }

    /// What an entry is about, as far as it can be told.
    private static func name(of frame: BackupFrame) -> String {
        guard let key = frame.pair?.key else { return "an entry of \(frame.kind.name)" }
        switch frame.kind {
        case .commit: return "the record of commit \(StoreLayout.number(key))"
        case .version:
            let id = key.dropLast(9).withUnsafeBytes { StoreLayout.id(ofKey: $0) }
            return "what \(id?.description ?? "an object") was before commit \(StoreLayout.number(key.suffix(8)))"
        case .data, .removal:
            return key.withUnsafeBytes { StoreLayout.id(ofKey: $0) }?.description ?? "an object"
        case .side:
            guard let (name, subject, _) = key.withUnsafeBytes({ StoreLayout.sideKey($0) }) else { return "side data" }
            return "side data \(name) of \(subject)"
        case .header, .metadata, .end:
            return "the named value \(PercentEncoding.encode(key, keeping: { $0 > 0x20 }))"
        }
    }
}
