import Access
import Basics
import Plugins
import ProvisionAPI
import Provisioning
import Synchronization
import Tracker

/// Makes the types of objects known that plug-in providers declare, everywhere at once: in the tracker, among what can be
/// claimed, and in the routes.
///
/// A type that no provider declares any more stays until the next start, since requests on their way may be about it.
actor RawTypeRegistry {
    private let tracker: DataTracker
    private let authenticator: Authenticator
    private let taken: Set<Identifier>
    /// Puts the server together from its domains, with these types among them.
    private let domains: @Sendable ([RawTypeDeclaration]) -> ServerDomains
    private let server = Mutex<MusterServer?>(nil)
    private var known: [RawTypeDeclaration]

    /// A registry.
    ///
    /// - Parameters:
    ///   - known: the types that the tracker was opened with.
    ///   - taken: names that no type can have.
    init(
        _ known: [RawTypeDeclaration], besides taken: Set<Identifier>, _ tracker: DataTracker,
        _ authenticator: Authenticator, domains: @escaping @Sendable ([RawTypeDeclaration]) -> ServerDomains
    ) {
        (self.known, self.taken, self.domains) = (known, taken, domains)
        (self.tracker, self.authenticator) = (tracker, authenticator)
    }

    /// Says who serves the types.
    nonisolated func serve(by server: MusterServer) { self.server.withLock { $0 = server } }

    /// Makes known what all providers declare together.
    ///
    /// - Throws: with 422 which types there cannot be, with 503 that the store cannot be read.
    func declare(_ declarations: [RawTypeDeclaration]) async throws(PluginError) {
        let types = RawTypes(declarations, besides: taken)
        guard types.problems.isEmpty else { throw PluginError(422, "POST", model: "plugin_providers", types.problems) }
        let declared = Set(types.usable.map(\.typeName))
        let all = types.usable + known.filter { !declared.contains($0.typeName) }
        guard Set(all) != Set(known) else { return }
        let domains = domains(all)
        do throws(TrackerError) {
            try await tracker.adopt(domains.catalog)
        } catch {
            throw PluginError(503, "POST", model: "plugin_providers", error.messages)
        }
        authenticator.adopt(domains.scopes)
        server.withLock { $0 }?.serveNewTypes()
        known = all
    }
}
