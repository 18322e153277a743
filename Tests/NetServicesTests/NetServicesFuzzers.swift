import FuzzTesting
import NIOCore
import Testing

@testable import NetServices

/// What comes over UDP from anybody.
@Suite struct NetServicesFuzzers {
    static let all = [
        Fuzzer("dhcp", rounds: 10_000) { bytes in
            guard let message = DHCPMessage(bytes) else { return }
            for (code, value) in message.options.all { _ = OptionText.decode(value, of: code.rawValue) }
            _ = (message.options.json, message.longestAnswer, BootChoice.Firmware(message), message.token)
            // What is understood is said again so that it is understood as the same.
            let again = DHCPMessage(message.bytes(atMost: 65_535))
            try FuzzFailure.unless(again?.options.all.count == message.options.all.count, "options are lost")
            try FuzzFailure.unless(again?.transaction == message.transaction, "it reads back as another transaction")
        },
        Fuzzer("tftp", rounds: 10_000) { bytes in
            guard case .read(let request) = TFTPRequest(ByteBuffer(bytes: bytes)) else { return }
            let terms = TFTPTerms(request.options, size: 1 << 20)
            try FuzzFailure.unless((8...65_464).contains(terms.blockSize), "a block of \(terms.blockSize) bytes")
            try FuzzFailure.unless(terms.windowSize >= 1, "a window of \(terms.windowSize) blocks")
            try FuzzFailure.unless((1...255).contains(terms.timeout), "a timeout of \(terms.timeout) s")
        },
        Fuzzer.text(
            "dhcp-option", words: [",", "string:", "/", " ", ".", "10.0.0.1", "255", "ack"], rounds: 100
        ) { text in
            for code in UInt8.min...UInt8.max {
                guard let value = OptionText.encode(text, as: code) else { continue }
                // What is shown of an option that a lease has is understood as the same.
                let shown = OptionText.decode(value, of: code)
                try FuzzFailure.unless(
                    OptionText.encode(shown, as: code) == value, "\(code) reads back as another value")
            }
        },
    ]

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}
