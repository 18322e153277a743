import Basics
public import Tracker

/// The logs of jobs: a stream of side data each, as durable as the objects, and gone with the job (C §15.4).
public enum JobLog {
    /// Where logs are kept.
    static let keyspace = SideKeyspace("job_logs", of: "jobs")

    /// The longest log in bytes; what a job writes beyond is refused.
    public static let longest: UInt64 = 256 << 20
    /// How much is appended at once; longer pieces are split. It must fit into one commit.
    public static let longestAppend = 2 << 20
    /// The bytes of an entry.
    fileprivate static let partSize = 64 << 10

    /// How many bytes of a job's log are durable.
    ///
    /// - Throws: `unavailable` when the store cannot be read.
    public static func size(of job: ByteString, in tracker: DataTracker) async throws(TrackerError) -> UInt64 {
        try await tracker.streamSize(keyspace.name, of: job)
    }

    /// How many bytes of a job's log are durable, if that can be told without waiting.
    public static func knownSize(of job: ByteString, in tracker: DataTracker) -> UInt64? {
        tracker.knownStreamSize(keyspace.name, of: job)
    }

    /// The bytes of a job's log from `offset` on, about a mebibyte of them at the most; none at its end.
    ///
    /// - Throws: `unavailable` when the store cannot be read.
    public static func bytes(
        of job: ByteString, from offset: UInt64, in tracker: DataTracker
    ) async throws(TrackerError) -> [UInt8] {
        try await tracker.stream(keyspace.name, of: job, from: offset)
    }
}

extension JobLog {
    /// Whether nothing more is to be expected in the log of a job: it has ended, or is gone.
    public static func isOver(_ job: ByteString, in view: Snapshot) -> Bool {
        view[ObjectID("jobs", job)].map { JobState.isDone($0.text("State")) } ?? true
    }
}

extension Draft {
    /// Appends to the log of a job.
    ///
    /// - Parameters:
    ///   - bytes: up to `JobLog.longestAppend` of them.
    ///   - start: how many bytes of the log come before these; nil for all that it has. What it has of them already is left out.
    /// - Throws: `notFound` when there is no such job; `invalid` when that is too much for one commit.
    public mutating func appendLog(
        _ bytes: some Sequence<UInt8>, of job: ByteString, after start: UInt64? = nil
    ) throws(TrackerError) {
        let bytes = Array(bytes)
        for position in stride(from: 0, to: bytes.count, by: JobLog.partSize) {
            let part = Array(bytes[position...].prefix(JobLog.partSize))
            let before = start.map { $0 + UInt64(position) }
            try append(part, toStreamIn: JobLog.keyspace.name, of: job, after: before)
        }
    }
}
