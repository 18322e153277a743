/// Why a text is no cron expression; one sentence for whoever wrote it.
public struct CronError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public let description: String
}
