import Access
import Fleet
import Provisioning
import Scheduling
import Tracker

/// The domains that this server is put together from. Whoever writes another one adds it to `domains` here, and to no other target.
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
    init(files: FileCatalog, selfCheck: String? = nil) {
        let domains = [
            Provisioning.domain(files: files),
            Fleet.domain,
            Scheduling.domain(conventions: .provisioning, works: [SelfCheck.work(at: selfCheck)]),
        ]
        scopes = Scopes(.provisioning, domains)
        all = AccessTypes.guarding(domains, scopes: scopes, conventions: .provisioning)
        catalog = Catalog(all)
    }
}
