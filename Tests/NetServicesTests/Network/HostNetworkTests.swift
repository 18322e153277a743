import Basics
import Testing

@testable import NetServices

/// Routes and resolvers as the system writes them down.
@Suite struct `The host's network` {
    private let routes = """
        Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
        eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
        eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
        eth0\t00000000\t020200C0\t0003\t0\t0\t200\t00000000\t0\t0\t0
        ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0
        """

    @Test func `has the first default route of an interface as its gateway`() {
        let network = HostNetwork(routes: routes, resolver: "")
        #expect(network.gateways == [Identifier("eth0"): "192.0.2.1"])
    }

    @Test func `has the resolvers in their order and the last domain that is named`() {
        let resolver =
            "# made by hand\nnameserver 192.0.2.53\ndomain old.example\n\nnameserver 2001:db8::53\nsearch a.example b\n"
        let network = HostNetwork(routes: "", resolver: resolver)
        #expect(network.nameServers == ["192.0.2.53", "2001:db8::53"] && network.domain == "a.example")
    }

    @Test(arguments: [
        "", "\n\n", "Iface\n\u{0}\u{0}", "x\ny z", "h\neth0 00000000 zz 0003", "h\neth0 00000000 010200C0 -1",
    ])
    func `is empty where the system says nothing that makes sense`(text: String) {
        let network = HostNetwork(routes: text, resolver: text)
        #expect(network.gateways.isEmpty && network.nameServers.isEmpty && network.domain.isEmpty)
    }
}
