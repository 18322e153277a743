import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPServing

/// How many connections an address may have.
@Suite struct ConnectionRegistryTests {
    private static func registry(_ configure: (inout ConnectionRegistry.Limits) -> Void = { _ in })
        -> ConnectionRegistry
    {
        var limits = ConnectionRegistry.Limits()
        limits.perAddress = 2
        configure(&limits)
        return ConnectionRegistry(limits)
    }

    private static func channel(_ address: String) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        channel.remoteAddress = try SocketAddress(ipAddress: address, port: 1)
        return channel
    }

    @Test func `an address may have as many connections as it may have, and another when one ends`() throws {
        let registry = Self.registry()
        let first = try Self.channel("10.0.0.1")
        #expect(try registry.admit(first))
        #expect(try registry.admit(Self.channel("::ffff:10.0.0.1")))
        #expect(try !registry.admit(Self.channel("10.0.0.1")))
        #expect(try registry.admit(Self.channel("10.0.0.2")))
        first.close(promise: nil)
        first.embeddedEventLoop.run()
        #expect(try registry.admit(Self.channel("10.0.0.1")))
        #expect(registry.count == 3)
    }

    @Test func `addresses that one owner may choose count as one`() throws {
        let registry = Self.registry()
        #expect(try registry.admit(Self.channel("2001:db8::1")))
        #expect(try registry.admit(Self.channel("2001:db8::ffff:2")))
        #expect(try !registry.admit(Self.channel("2001:db8::3")))
        #expect(try registry.admit(Self.channel("2001:db8:0:1::1")))
    }

    @Test(arguments: ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "10.9.9.9"])
    func `loopback addresses and those that are exempt may have any number`(address: String) throws {
        let registry = Self.registry { $0.isExempt = { $0 == "10.9.9.9" } }
        for _ in 0..<10 { #expect(try registry.admit(Self.channel(address))) }
    }

    @Test func `all connections can be ended at once`() throws {
        let registry = Self.registry()
        let channels = [try Self.channel("10.0.0.1"), try Self.channel("127.0.0.1")]
        for channel in channels { #expect(try registry.admit(channel)) }
        registry.closeAll()
        for channel in channels {
            channel.embeddedEventLoop.run()
            #expect(!channel.isActive)
        }
        #expect(registry.count == 0)
    }
}
