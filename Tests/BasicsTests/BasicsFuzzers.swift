import Basics
import FuzzTesting
import Testing

/// Texts of times and ids as clients and the store give them.
@Suite struct BasicsFuzzers {
    static let all = [
        Fuzzer.text("time", words: ["T", "Z", "+", "-", ":", ".", "12:60"]) { text in
            guard let time = Timestamp(rfc3339: text) else { return }
            let spelled = time.description
            try FuzzFailure.unless(
                Timestamp(rfc3339: spelled) == time || spelled.hasPrefix("-")
                    || spelled.utf8.first.map { $0 != 0x30 } == true
                    || time.seconds < Timestamp.zero.seconds, "it reads back as another time")
            _ = (time + .nanoseconds(Int64.max), time - .zero)
        },
        Fuzzer.text("uuid") { text in
            guard let uuid = UUIDText.canonical(text) else { return }
            try FuzzFailure.unless(UUIDText.canonical(uuid) == uuid, "it reads back as another one")
        },
    ]

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}
