import Access
import Fleet
import Provisioning
import Scheduling
import Tracker

/// The domains that this server is put together from. Whoever writes another one adds it to `domains` here, and to no other
/// target.
struct ServerDomains {
    /// What can be claimed.
    let scopes: Scopes
    /// All domains, users, roles and tenants among them.
    let all: [Domain]
    /// All object types.
    let catalog: Catalog

    /// The domains.
    ///
    /// - Parameters:
    ///   - files: what lies below `tftpboot`.
    ///   - selfCheck: when the server checks itself, as a cron expression; nil for never.
    ///   - rawTypes: the types that plug-in providers declare.
    init(files: FileCatalog, selfCheck: String? = nil, rawTypes: [RawTypeDeclaration] = []) {
        let domains = [
            Provisioning.domain(files: files, rawTypes: rawTypes),
            Fleet.domain,
            Scheduling.domain(conventions: .provisioning, works: [SelfCheck.work(at: selfCheck)]),
        ]
        // Triggers run with the rights of users, and what can be claimed names their types as well.
        scopes = Scopes(.provisioning, domains + [Triggers.domain()])
        all = AccessTypes.guarding(
            domains + [Triggers.domain(scopes: scopes)], scopes: scopes, conventions: .provisioning)
        catalog = Catalog(all)
    }
}
