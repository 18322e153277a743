import Basics
import Crypto
import JSON
import Store

/// A backup in the making: the state of one revision with the history that led to it, in chunks of bytes, each read away from the
/// tasks' threads. Nobody waits for it: objects come from a snapshot, and what has become history does not change.
public struct BackupProducer: Sendable {
    /// What is written next.
    enum Part: Sendable {
        case header
        case commits(after: Revision)
        case versions(from: [UInt8])
        case objects(table: Int, rank: Int)
        case others(from: [UInt8])
        case names(from: [UInt8])
        case state
        case side(from: [UInt8])
        case end, nothing
    }

    /// The longest chunk before which no other is begun, in bytes.
    static let chunkSize = 256 << 10

    /// What the backup says of itself.
    public let header: BackupHeader
    private var end = BackupEnd()
    private var size = 0

    private let tracker: DataTracker
    private let state: Snapshot
    private var part = Part.header
    private var number = 0
    private var chain: BackupChain
    /// Of all that was given but the last chunk.
    private var sum = SHA256()
    /// The last chunk.
    private var unsummed: [UInt8] = []
    private var pace: BackupPace

    /// A backup of the newest state.
    ///
    /// - Parameter since: where another backup of the store ends that this one goes on from; nil for all.
    /// - Throws: `invalid` if that is no state of this store, or if what happened since is forgotten; `unavailable`.
    public init(_ tracker: DataTracker, since: BackupPoint? = nil) async throws(TrackerError) {
        let state = tracker.snapshot
        if let since {
            guard state.epochs.wrote(since.revision, mark: since.mark, newest: state.revision) else {
                throw TrackerError(
                    .invalid, "",
                    "The backup to go on from ends at revision \(since.revision) of another history: make a full one")
            }
            guard try await tracker.historyStart() <= since.revision else {
                throw TrackerError(
                    .invalid, "",
                    "What happened since revision \(since.revision) is forgotten in part: make a full backup")
            }
        }
        self.tracker = tracker
        self.state = state
        pace = BackupPace(at: state.revision)
        chain = since.map { BackupChain($0.chain) } ?? BackupChain()
        header = BackupHeader(
            store: tracker.storeID, revision: state.revision, mark: state.epochs.cursor(after: state.revision).epoch,
            time: tracker.environment.now(), since: since)
    }

    /// The next bytes; nil at the end. While others write, it waits a little before it gives them.
    ///
    /// - Throws: `unavailable` when the store cannot be read, `cancelled` when the task was; then there is no backup.
    public mutating func next() async throws(TrackerError) -> [UInt8]? {
        let clock = tracker.environment.clock
        let start = clock.instant()
        let chunk = try await nextChunk()
        let time = start.duration(to: clock.instant())
        do throws(CancellationError) {
            try await clock.sleep(for: pace.rest(after: time, newest: tracker.snapshot.revision))
        } catch {
            throw TrackerError(.cancelled, "", "The backup was cancelled")
        }
        return chunk
    }

    private mutating func nextChunk() async throws(TrackerError) -> [UInt8]? {
        let (sum, last) = (sum, unsummed)
        // The chunk before is added up while the next one is read.
        async let added = Self.sum(sum, adding: last)
        var chunk = try await read()
        self.sum = await added
        if case .end = part { try await finish(&chunk) }
        unsummed = chunk
        size += chunk.count
        return chunk.isEmpty ? nil : chunk
    }

    @concurrent private static func sum(_ sum: SHA256, adding bytes: [UInt8]) async -> SHA256 {
        var sum = sum
        sum.update(data: bytes)
        return sum
    }

    /// The entries of the next chunk, up to the end.
    private mutating func read() async throws(TrackerError) -> [UInt8] {
        var chunk: [UInt8] = []
        chunk.reserveCapacity(2 * Self.chunkSize)
        while chunk.count < Self.chunkSize {
            switch part {
            case .end, .nothing: return chunk
            case .header: chunk += BackupFrame.magic
            default: break
            }
            let reading = BackupStep(part: part, state: state, since: header.since?.revision)
            let (frames, next) = try await tracker.history.read { history throws(StoreError) in
                try reading.frames(history)
            }
            for (kind, content) in frames {
                if kind == .commit { chain.add(content) }
                end.count(kind)
                BackupFrame.append(kind, content, number: number, to: &chunk)
                number += 1
            }
            if case .header = part {
                BackupFrame.append(.header, header.value.canonicalBytes(), number: number, to: &chunk)
                number += 1
            }
            part = next
        }
        return chunk
    }

    private mutating func finish(_ chunk: inout [UInt8]) async throws(TrackerError) {
        sum.update(data: chunk)
        end.start = min(try await tracker.historyStart(), header.revision)
        end.chain = chain.value
        end.sum = Array(sum.finalize())
        BackupFrame.append(.end, end.value.canonicalBytes(), number: number, to: &chunk)
        part = .nothing
    }

    /// What a look at it finds, once it has been read to its end.
    public var report: BackupReport { BackupReport(header, end, size: size) }
}

/// How long a backup rests after each chunk.
///
/// While nobody writes it goes as fast as it can. While others do it takes a small part of the processors and the disk only,
/// so that they hardly notice it: a backup may take longer, and a writer may not.
struct BackupPace: Sendable {
    /// While others write, one part in so many of the time is the backup's.
    static let parts = 4
    /// The longest rest: where the processors were busy with something else, the chunk did not take so long by itself.
    static let longestRest = Duration.milliseconds(100)

    private var last: Revision

    /// The pace of a backup that begins at the state `revision`.
    init(at revision: Revision) { last = revision }

    /// How long to rest after a chunk that took so long to make.
    ///
    /// - Parameter newest: the newest state; if it is another than the last time, others write.
    mutating func rest(after time: Duration, newest: Revision) -> Duration {
        defer { last = newest }
        return newest == last ? .zero : min(time * (Self.parts - 1), Self.longestRest)
    }
}
