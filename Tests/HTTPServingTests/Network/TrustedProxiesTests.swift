import Basics
import HTTPTypes
import Testing

@testable import HTTPServing

@Suite struct TrustedProxiesTests {
    private let proxies = TrustedProxies(["10.0.0.0/8", "2001:db8:1::/48"].compactMap { CIDRBlock($0) })

    private func client(_ peer: String?, forwardedFor: [String] = [], forwarded: [String] = []) -> String? {
        var headers = HTTPFields()
        for text in forwardedFor { headers.append(HTTPField(name: .forwardedFor, value: text)) }
        for text in forwarded { headers.append(HTTPField(name: .forwarded, value: text)) }
        return proxies.client(of: peer, headers)
    }

    @Test(arguments: [
        (["192.0.2.1"], "192.0.2.1"), (["6.6.6.6, 192.0.2.1"], "192.0.2.1"), (["192.0.2.1, 10.9.9.9"], "192.0.2.1"),
        (["192.0.2.1", "10.9.9.9"], "192.0.2.1"), (["10.3.3.3, 10.9.9.9"], "10.3.3.3"),
        (["192.0.2.1:4711"], "192.0.2.1"),
        (["[2001:db8:2::1]:443"], "2001:db8:2::1"), (["2001:db8:2::1"], "2001:db8:2::1"),
        (["192.0.2.1, 2001:db8:1::5"], "192.0.2.1"), (["unknown"], "10.1.1.1"),
        (["192.0.2.1, unknown, 10.9.9.9"], "10.9.9.9"),
        ([""], "10.1.1.1"), ([], "10.1.1.1"), (["::ffff:192.0.2.1"], "192.0.2.1"),
    ])
    func `the rightmost address that is no trusted proxy's is the client`(values: [String], expected: String) {
        #expect(client("10.1.1.1", forwardedFor: values) == expected)
    }

    @Test(arguments: [
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"), ("For=\"[2001:db8:2::1]:4711\"", "2001:db8:2::1"),
        ("for=6.6.6.6, for=192.0.2.43 , for=10.2.2.2", "192.0.2.43"), ("proto=https", "10.1.1.1"),
        ("for=_hidden, for=10.2.2.2", "10.2.2.2"), ("for=\"", "10.1.1.1"),
    ])
    func `Forwarded tells the same`(text: String, expected: String) {
        #expect(client("10.1.1.1", forwarded: [text]) == expected)
    }

    @Test func `nobody else is believed`() {
        #expect(client("192.0.2.9", forwardedFor: ["198.51.100.1"]) == "192.0.2.9")
        #expect(client(nil, forwardedFor: ["198.51.100.1"]) == nil)
        #expect(TrustedProxies().client(of: "10.1.1.1", [.forwardedFor: "198.51.100.1"]) == "10.1.1.1")
    }

    @Test func `two fields that tell different clients count for nothing`() {
        #expect(client("10.1.1.1", forwardedFor: ["192.0.2.1"], forwarded: ["for=192.0.2.2"]) == "10.1.1.1")
        #expect(client("10.1.1.1", forwardedFor: ["192.0.2.1"], forwarded: ["for=192.0.2.1"]) == "192.0.2.1")
    }

    @Test func `a long chain is looked at so far and no further`() {
        let chain = ["192.0.2.1"] + Array(repeating: "10.2.2.2", count: 40)
        #expect(client("10.1.1.1", forwardedFor: [chain.joined(separator: ",")]) == "10.2.2.2")
    }

    @Test func `connections of trusted proxies and of this host stand for many clients`() {
        let texts = [
            "10.1.1.1", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "192.0.2.1", "2001:db8:1::1", "no address",
        ]
        #expect(
            texts.filter { proxies.isExempt($0) } == [
                "10.1.1.1", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "2001:db8:1::1",
            ])
    }
}
