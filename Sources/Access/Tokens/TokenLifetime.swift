import Basics
import Tracker

/// How long tokens live.
enum TokenLifetime {
    /// Where nothing is asked for (C §11.1).
    static let standard = Duration.seconds(600)
    /// The longest, ten years of 365 days; whoever asks for more gets this.
    static let longest = Duration.seconds(10 * 365 * 86_400)

    /// The lifetime that `ttl=` asks for: seconds, or a number with a unit. Empty and zero are the standard.
    ///
    /// - Parameter model: has the words for a refusal.
    /// - Throws: `badDuration`.
    static func parse(_ text: String?, _ model: AccessModel) throws(AccessError) -> Duration {
        guard let text, !text.isEmpty else { return standard }
        guard let duration = Duration(musterText: text, defaultUnit: .seconds) else {
            throw AccessError(.badDuration, [model.badDuration(text)])
        }
        return duration == .zero ? standard : max(.seconds(1), min(duration, longest))
    }
}
