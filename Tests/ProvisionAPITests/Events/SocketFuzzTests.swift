import Basics
import BasicsTesting
import NIOCore
import NIOEmbedded
import NIOWebSocket
import StoreTesting
import Testing
import Tracker

@testable import HTTPServing
@testable import ProvisionAPI

/// What clients send to a websocket: the decoder of NIO with our handlers, and our commands.
@Suite struct SocketFuzzTests {
    private static let largest = 1 << 10

    /// The pipeline of a websocket, and what its client has sent.
    private static func pipeline() throws -> (EmbeddedChannel, SocketInbox) {
        let channel = EmbeddedChannel()
        let pipeline = channel.pipeline.syncOperations
        let inbox = SocketInbox(ringing: AsyncSignal(), clock: ManualClock())
        try pipeline.addHandlers(
            WebSocketFrameEncoder(), FrameValidator(largestFrame: largest),
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: largest)))
        try pipeline.addHandlers(
            PreencodedFrameHandler(pipeline),
            NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 4, maxAccumulatedFrameSize: largest),
            SocketReceiver(inbox))
        return (channel, inbox)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `noise is taken as far as it makes sense, and ends in one close`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (channel, inbox) = try Self.pipeline()
        var closes = 0
        for _ in 0..<60 {
            _ = try? channel.writeInbound(ByteBuffer(bytes: Self.bytes(&generator)))
            for message in inbox.take() {
                if case .close = message { closes += 1 }
                if case .text(let text) = message { #expect(text.utf8.count <= Self.largest, "seed \(seed)") }
            }
        }
        #expect(closes <= 1, "seed \(seed)")
        _ = try? channel.finish()
    }

    /// Frames that are nearly right, or anything at all.
    private static func bytes(_ generator: inout SeededGenerator) -> [UInt8] {
        let count = Int.random(in: 0...40, using: &generator)
        let data = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        if Int.random(in: 0..<4, using: &generator) == 0 { return data }
        let opcodes: [UInt8] = [0x81, 0x01, 0x80, 0x00, 0x89, 0x8a, 0x88, 0x82, 0xc1, 0x8f]
        let first = opcodes.randomElement(using: &generator) ?? 0x81
        let mask: UInt8 = Int.random(in: 0..<20, using: &generator) == 0 ? 0 : 0x80
        let length =
            Int.random(in: 0..<10, using: &generator) == 0 ? UInt8.random(in: 0...127, using: &generator) : UInt8(count)
        let key: [UInt8] = mask == 0 ? [] : [1, 2, 3, 4]
        return [first, mask | length] + key + data
    }

    /// A frame of a client that is wrong in one way, and the code that answers it (RFC 6455 §5, §7.4).
    struct BadFrame: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let code: WebSocketErrorCode
    }

    private static let mask: [UInt8] = [0, 0, 0, 0]
    static let badFrames: [BadFrame] = [
        .init(testDescription: "the first reserved bit", bytes: [0xc1], code: .protocolError),
        .init(testDescription: "the last reserved bit", bytes: [0x91], code: .protocolError),
        .init(testDescription: "an unknown kind of data", bytes: [0x83], code: .protocolError),
        .init(testDescription: "an unknown kind of control", bytes: [0x8b], code: .protocolError),
        .init(testDescription: "no mask", bytes: [0x81, 0x01], code: .protocolError),
        .init(testDescription: "a ping in parts", bytes: [0x09, 0x80], code: .protocolError),
        .init(testDescription: "a long ping", bytes: [0x89, 0xfe], code: .protocolError),
        .init(testDescription: "a short length in two bytes", bytes: [0x81, 0xfe, 0, 125], code: .protocolError),
        .init(
            testDescription: "a length of two bytes in eight", bytes: [0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff],
            code: .protocolError),
        .init(
            testDescription: "a length of 64 bits", bytes: [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0],
            code: .protocolError),
        .init(testDescription: "a frame that is too long", bytes: [0x81, 0xfe, 0x04, 0x01], code: .messageTooLarge),
        .init(testDescription: "bytes that are no text", bytes: [0x82, 0x80] + mask, code: .unacceptableData),
        .init(
            testDescription: "text that is not UTF-8", bytes: [0x81, 0x81] + mask + [0xff],
            code: .dataInconsistentWithMessage),
        .init(testDescription: "a part of nothing", bytes: [0x80, 0x80] + mask, code: .protocolError),
        .init(testDescription: "half a close code", bytes: [0x88, 0x81] + mask + [3], code: .protocolError),
        .init(
            testDescription: "a close code for the absence of one", bytes: [0x88, 0x82] + mask + [0x03, 0xed],
            code: .protocolError),
        .init(testDescription: "a close code of nobody", bytes: [0x88, 0x82] + mask + [0, 7], code: .protocolError),
        .init(
            testDescription: "a close reason that is not UTF-8", bytes: [0x88, 0x83] + mask + [0x03, 0xe8, 0xff],
            code: .dataInconsistentWithMessage),
        .init(
            testDescription: "nothing wrong but the end", bytes: [0x88, 0x82] + mask + [0x0f, 0xa0],
            code: .unknown(4000)),
        .init(testDescription: "nothing wrong, no code", bytes: [0x88, 0x80] + mask, code: .normalClosure),
    ]

    @Test(arguments: badFrames)
    func `a frame that the protocol forbids is answered with its code, after the frames before it`(
        bad: BadFrame
    ) throws {
        for piece in [1, 100] {
            let (channel, inbox) = try Self.pipeline()
            var encoder: [UInt8] = [0x81, 0x82] + Self.mask + Array("ok".utf8) + bad.bytes
            while !encoder.isEmpty {
                _ = try? channel.writeInbound(ByteBuffer(bytes: encoder.prefix(piece)))
                encoder.removeFirst(min(piece, encoder.count))
            }
            let messages = inbox.take()
            try #require(messages.count == 2)
            guard case .text("ok") = messages[0], case .close(let code, _) = messages[1] else {
                Issue.record("\(messages)")
                return
            }
            #expect(code == bad.code)
            _ = try? channel.finish()
        }
    }

    @Test(arguments: [(1, 300), (60_000, 6)])
    func `a client that sends more than waits to be read, in messages or in bytes, is let go`(
        length: Int, count: Int
    ) throws {
        let inbox = SocketInbox(ringing: AsyncSignal(), clock: ManualClock())
        let text = String(repeating: "x", count: length)
        for _ in 0..<count { inbox.post(.text(text)) }
        let messages = inbox.take()
        guard case .close(.policyViolation, _)? = messages.last else {
            Issue.record("\(messages.count) messages wait")
            return
        }
        #expect(messages.count <= SocketInbox.limit + 1)
        #expect((messages.count - 1) * length <= SocketInbox.byteLimit)
        // One who is read in time may go on.
        let other = SocketInbox(ringing: AsyncSignal(), clock: ManualClock())
        for _ in 0..<count {
            other.post(.text(text))
            #expect(other.take().count == 1)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `texts come out as they went in, however they are cut`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (channel, inbox) = try Self.pipeline()
        var sent: [String] = []
        var encoder: [UInt8] = []
        for _ in 0..<20 {
            let text = Self.text(&generator, 30)
            sent.append(text)
            let data = Array(text.utf8)
            let mask: [UInt8] = (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let masked: [UInt8] = data.enumerated().map { place, byte in byte ^ mask[place % 4] }
            let lengths: [UInt8] = data.count < 126 ? [0x80 | UInt8(data.count)] : [0xfe, 0, UInt8(data.count)]
            encoder.append(0x81)
            encoder += lengths
            encoder += mask
            encoder += masked
        }
        var taken: [String] = []
        while !encoder.isEmpty {
            let count = Int.random(in: 1...min(50, encoder.count), using: &generator)
            try channel.writeInbound(ByteBuffer(bytes: encoder.prefix(count)))
            encoder.removeFirst(count)
            for case .text(let text) in inbox.take() { taken.append(text) }
        }
        #expect(taken == sent, "seed \(seed)")
        _ = try? channel.finish()
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536])
    func `frames that we write are those that a decoder reads`(count: Int) throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1 << 20)))
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: count)
        try channel.writeInbound(SocketFrame.text(text))
        let frame = try #require(try channel.readInbound(as: WebSocketFrame.self))
        #expect(frame.opcode == .text && frame.fin && frame.maskKey == nil)
        #expect(Array(frame.data.readableBytesView) == text)
        _ = try? channel.finish()
    }

    @Test(arguments: ["", "why", String(repeating: "é", count: 200)])
    func `reasons are cut at a character's end to what a close frame holds`(reason: String) throws {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(WebSocketFrameDecoder()))
        try channel.writeInbound(SocketFrame.close(.policyViolation, reason))
        var data = try #require(try channel.readInbound(as: WebSocketFrame.self)).data
        #expect(data.readableBytes <= 125 && data.readWebSocketErrorCode() == .policyViolation)
        #expect(reason.hasPrefix(try #require(String(validating: data.readableBytesView, as: UTF8.self))))
        _ = try? channel.finish()
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a command is understood wholly or refused with a reason`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let word =
                ["register", "deregister", "since", "Register", "regist", ""].randomElement(using: &generator) ?? ""
            let blanks = [" ", "\t", "\n  ", "", "\u{2003}"].randomElement(using: &generator) ?? ""
            let rest = Self.text(&generator, 20)
            let text = word + blanks + rest
            do throws(EventError) {
                switch try SocketCommand(text) {
                case .register(let filter), .deregister(let filter):
                    #expect(text.contains("register") && text.contains(filter.text), "seed \(seed): \(text)")
                    #expect(filter.text.contains { $0 == "." }, "seed \(seed): \(text)")
                case .since(.after(let cursor)): #expect(text.contains(cursor.description), "seed \(seed): \(text)")
                case .since: #expect(text.contains("since"), "seed \(seed): \(text)")
                }
            } catch {
                #expect(!"\(error)".isEmpty)
            }
        }
    }

    private static func text(_ generator: inout SeededGenerator, _ limit: Int) -> String {
        let letters = Array("ab.,*\\123 ~-0é😀\u{301}\u{0}")
        return String(
            (0..<Int.random(in: 0...limit, using: &generator)).map { _ in
                letters.randomElement(using: &generator) ?? "a"
            })
    }
}
