import Basics
import BasicsTesting
import FuzzTesting
import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOWebSocket
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// What comes over connections: heads, targets, fields, frames.
@Suite struct APIFuzzers {
    static let all = [
        Fuzzer.text(
            "target", words: ["/api/v3/", "{key}", "?key=", "&", "%zz", "%c3%28", "+", "token=", "/./", "/../"]
        ) { text in
            let path = RequestPath(text, endpoint: "fuzz")
            _ = (path.path, path.shown, path.query, path.segments)
            let arguments = QueryArguments(path.query)
            _ = (arguments.all, arguments.isSet("decode"), arguments.list("slim"))
            _ = RequestPath(path.target, endpoint: "fuzz").segments
        },
        Fuzzer.text("fields", words: ["W/", "wait=", "Bearer ", "Basic ", "respond-async", "\"", "*"]) { text in
            let safe = String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })
            let fields: HTTPFields = [.ifNoneMatch: safe, .prefer: safe, .authorization: safe]
            if let tags = EntityTags(safe) { _ = (tags.weak, tags.strong, tags.contains("a")) }
            if let poll = LongPoll(fields) { _ = poll.wait }
            _ = (Credentials(fields, nil), Credentials([:], Substring(text)))
        },
        Fuzzer("kept-answer") { bytes in
            guard let answer = WriteAnswer(encoded: bytes) else { return }
            _ = WriteAnswer(encoded: answer.encoded)?.encoded
        },
        Fuzzer.text("socket-command", words: ["register ", "deregister ", "since ", "*.*.*", "0"]) { text in
            _ = try? SocketCommand(text)
        },
        Fuzzer("head", words: ["HTTP/1.1", "HTTP/1.0", "Content-Length: ", "Transfer-Encoding: chunked", "\r\n\r\n"]) {
            bytes in
            let channel = EmbeddedChannel()
            let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
            try channel.pipeline.syncOperations.addHandler(decoder)
            var reader = HeadReader()
            _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
            while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
                guard case .head(let head) = part else { continue }
                _ = reader.read(head, for: 0, credentials: CredentialReader.provision.fields)?.request.path
            }
            _ = try? channel.finish()
        },
        Fuzzer("frame") { bytes in
            let channel = EmbeddedChannel()
            let pipeline = channel.pipeline.syncOperations
            let inbox = SocketInbox(ringing: AsyncSignal(), clock: ManualClock())
            try pipeline.addHandlers(
                WebSocketFrameEncoder(), FrameValidator(largestFrame: 1 << 10),
                ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 10)))
            try pipeline.addHandlers(
                PreencodedFrameHandler(pipeline),
                NIOWebSocketFrameAggregator(
                    minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 4, maxAccumulatedFrameSize: 1 << 10),
                SocketReceiver(inbox))
            for part in [bytes[..<(bytes.count / 2)], bytes[(bytes.count / 2)...]] {
                _ = try? channel.writeInbound(ByteBuffer(bytes: part))
                for case .text(let text) in inbox.take() { _ = try? SocketCommand(text) }
            }
            _ = try? channel.finish()
        },
    ]

    @Test(arguments: all) func `take whatever they are given`(fuzzer: Fuzzer) async throws { try await fuzzer.run() }
}
