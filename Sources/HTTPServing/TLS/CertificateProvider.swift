public import NIOSSL
import Synchronization

/// The identity that the API shows; it may change while connections are open, and counts for those that come after.
public final class CertificateProvider: Sendable {
    private struct State {
        var identity: TLSIdentity
        var context: NIOSSLContext
    }

    private let state: Mutex<State>
    private let clientAuthorities: [NIOSSLCertificate]?
    private let save: @Sendable (TLSIdentity) async throws -> Void

    /// A keeper.
    ///
    /// - Parameters:
    ///   - identity: what to show at first.
    ///   - clientAuthorities: those whose certificates clients may show instead of a password; nil to ask for none.
    ///   - save: keeps an identity for the next start.
    /// - Throws: when the identity cannot be used.
    public init(
        _ identity: TLSIdentity, clientAuthorities: [NIOSSLCertificate]? = nil,
        save: @escaping @Sendable (TLSIdentity) async throws -> Void
    ) throws {
        self.clientAuthorities = clientAuthorities
        self.save = save
        state = Mutex(
            State(identity: identity, context: try identity.context(clientAuthorities: clientAuthorities)))
    }

    /// The certificate shown, in PEM.
    public var certificate: String { state.withLock { $0.identity.certificate } }

    /// Whether clients may show certificates.
    public var asksClients: Bool { clientAuthorities != nil }

    /// What new connections are made with.
    package var context: NIOSSLContext { state.withLock { $0.context } }

    /// Shows another identity from now on.
    ///
    /// - Returns: whether it is another one.
    /// - Throws: when it cannot be used; then the one before stays.
    @discardableResult
    public func use(_ identity: TLSIdentity) throws -> Bool {
        guard state.withLock({ $0.identity != identity }) else { return false }
        let context = try identity.context(clientAuthorities: clientAuthorities)
        state.withLock { $0 = State(identity: identity, context: context) }
        return true
    }

    /// Shows another identity from now on, and after the next start too.
    ///
    /// - Throws: when it cannot be used or kept; then the one before stays.
    package func replace(with identity: TLSIdentity) async throws {
        _ = try identity.context(clientAuthorities: clientAuthorities)
        try await save(identity)
        try use(identity)
    }
}
