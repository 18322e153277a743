import Testing

@testable import Basics

struct CIDRBlockTests {
    @Test(arguments: [
        ("192.168.124.1/24", "192.168.124.0", "192.168.124.255"), ("10.1.2.3/8", "10.0.0.0", "10.255.255.255"),
        ("1.2.3.4/32", "1.2.3.4", "1.2.3.4"), ("1.2.3.4/0", "0.0.0.0", "255.255.255.255"),
        ("10.0.0.5/31", "10.0.0.4", "10.0.0.5"),
        ("2001:db8::1/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), ("::1/128", "::1", "::1"),
        ("fe80::1/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func `a block reaches from its network to its last address`(text: String, network: String, last: String) throws {
        let block = try #require(CIDRBlock(text))
        #expect(block.description == text)
        #expect(block.network.description == network)
        #expect(block.last.description == last)
        for address in [block.network, block.last, block.address] { #expect(block.contains(address)) }
    }

    @Test(arguments: [
        "", "/", "10.0.0.0", "10.0.0.0/", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08",
        "10.0.0.0/8/8", "10.0.0/8",
        "::/129", "::1/x", "10.0.0.0/8 ", "::ffff:10.0.0.0/8", "10.0.0.0/99999999999999999999",
        "::ffff:10.0.0.0/-9223372036854775808", "::ffff:10.0.0.0/9223372036854775807", "::ffff:10.0.0.0/95", "::1/256",
    ])
    func `what is no block is refused`(text: String) {
        #expect(CIDRBlock(text) == nil)
    }

    @Test func `a mapped block is the IPv4 block`() {
        #expect(CIDRBlock("::ffff:10.0.0.0/104") == CIDRBlock("10.0.0.0/8"))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.0.0.0/8", "9.255.255.255", false),
        ("0.0.0.0/0", "::1", false), ("::/0", "10.0.0.1", false), ("::/0", "ff02::1", true),
        ("2001:db8::/33", "2001:db8:8000::", false),
    ])
    func `a block contains addresses of its own kind only`(block: String, address: String, expected: Bool) {
        #expect(CIDRBlock(block)!.contains(IPAddress(address)!) == expected)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.1.0.0/16", true), ("10.0.0.0/16", "10.1.0.0/16", false), ("10.0.0.0/8", "10.0.0.0/8", true),
        ("0.0.0.0/0", "1.2.3.4/32", true), ("::/0", "1.2.3.4/32", false), ("10.1.2.3/8", "10.200.0.0/24", true),
    ])
    func `blocks overlap where one is inside the other`(left: String, right: String, expected: Bool) {
        let (left, right) = (CIDRBlock(left)!, CIDRBlock(right)!)
        #expect(left.overlaps(right) == expected)
        #expect(right.overlaps(left) == expected)
    }
}
