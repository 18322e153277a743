import FuzzTesting
import Testing

@testable import Scheduling

/// What whoever makes a schedule writes.
@Suite struct SchedulingFuzzers {
    private static let words = [
        "* ", " *", "*/", "-", ",", "/", "@hourly", "@daily", "@yearly", "mon", "sun", "jan", "dec", "FRI", "0 ", "59",
        "7",
    ]

    private static let expressions = Fuzzer.text("cron", words: words) { text in
        guard let expression = try? CronExpression(text) else { return }
        for name in ["", "Europe/Berlin", "Pacific/Apia"] {
            let zone = try #require(Zone(name))
            for moment in [0, 1_300_000_000, 1_325_300_000, 1_793_494_800, 253_402_300_000] as [Int64] {
                guard let next = expression.next(after: moment, in: zone) else { continue }
                try FuzzFailure.unless(next > moment, "\(next) is not after \(moment) in \(name)")
                try FuzzFailure.unless(next - moment < 9 * 366 * 86_400, "\(next) is far after \(moment)")
            }
        }
    }

    @Test func `take any cron expression`() async throws { try await Self.expressions.run() }
}
