import Basics
import Testing
import Tracker

@testable import NetServices

/// Messages as bytes (RFC 2131, RFC 2132, RFC 3396).
@Suite struct DHCPMessageTests {
    private func message() -> DHCPMessage {
        var message = DHCPMessage(isReply: false)
        message.hardwareAddress = [2, 0, 0, 0, 0, 1]
        message.transaction = 0xdead_beef
        message.kind = .discover
        return message
    }

    @Test func `a message reads back as it was written`() throws {
        var message = message()
        message.clientAddress = IPAddress("10.0.0.9") ?? .none
        message.wantsBroadcast = true
        message.seconds = 300
        message.hops = 2
        message.serverName = Array("srv".utf8)
        message.bootFile = Array("file".utf8)
        message.options[.vendorClass] = Array("PXEClient".utf8)
        #expect(DHCPMessage(message.bytes()) == message)
        #expect(message.bytes().count == 300)
    }

    @Test func `a value of more than 255 bytes comes in pieces`() throws {
        var message = message()
        message.options[.vendorInformation] = (0..<600).map { UInt8(truncatingIfNeeded: $0) }
        let read = try #require(DHCPMessage(message.bytes(atMost: 1_400)))
        #expect(read.options[.vendorInformation] == message.options[.vendorInformation])
    }

    @Test func `what does not fit is left out, and the rest is whole`() throws {
        var message = message()
        message.options[.vendorInformation] = [UInt8](repeating: 1, count: 400)
        message.options[.userClass] = [7]
        let bytes = message.bytes(atMost: 548)
        let read = try #require(DHCPMessage(bytes))
        #expect(bytes.count <= 548)
        #expect(read.options[.vendorInformation] == nil && read.options[.userClass] == [7])
    }

    @Test func `options in the fields of names are read where the message says so`() throws {
        var bytes = message().bytes()
        let end = try #require(bytes.lastIndex(of: 255))
        bytes.replaceSubrange(end...end, with: [52, 1, 3, 255])
        bytes.replaceSubrange(108..<113, with: [60, 2, 104, 105, 255])
        bytes.replaceSubrange(44..<48, with: [12, 1, 120, 255])
        let read = try #require(DHCPMessage(bytes))
        #expect(read.options[.vendorClass] == Array("hi".utf8))
        #expect(read.options[DHCPOptions.Code(rawValue: 12)] == Array("x".utf8))
        #expect(read.bootFile.isEmpty)
    }

    @Test(arguments: [0, 100, 239]) func `what is cut off is no message`(length: Int) {
        #expect(DHCPMessage(Array(message().bytes().prefix(length))) == nil)
    }

    @Test func `an option that is longer than the message makes it none`() {
        var bytes = Array(message().bytes().prefix(243))
        bytes += [60, 200, 1]
        #expect(DHCPMessage(bytes) == nil)
    }

    @Test(arguments: [(nil, 548), (576, 548), (1_500, 1_472), (9_000, 1_472), (10, 548)] as [(Int?, Int)])
    func `an answer is no longer than the client takes`(told: Int?, longest: Int) {
        var message = message()
        message.options[.largestMessage] = told.map { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        #expect(message.longestAnswer == longest)
    }
}
