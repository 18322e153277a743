/// A port, and what is served there.
package struct Listener: Sendable {
    /// What the log calls the port.
    package var name: String
    /// The address to listen on.
    package var host: String
    /// The port; zero for any free one.
    package var port: Int
    /// Keeps certificate and key; nil to serve without TLS.
    package var certificates: CertificateProvider?
    /// How many connections the port may have; more wait until some end.
    package var mostConnections = Int.max
    /// The facades behind the port, one at least. A request goes to the one below whose base its path lies, or else to the first.
    package var facades: [any RequestResponder]
    /// Told the port once the server listens.
    package var onRunning: @Sendable (_ port: Int) async -> Void = { _ in }

    /// A port with facades.
    package init(name: String, host: String, port: Int, facades: [any RequestResponder]) {
        precondition(!facades.isEmpty, "the port \(name) serves nothing")
        (self.name, self.host, self.port, self.facades) = (name, host, port, facades)
    }

    /// The number of the facade that a target goes to.
    func facade(for target: String) -> Int {
        if facades.count == 1 { return 0 }
        return facades.firstIndex { $0.owns(target) } ?? 0
    }
}
