import Access
import Provisioning
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
    /// - Parameter files: what lies below `tftpboot`.
    init(files: FileCatalog) {
        let domains = [
            Provisioning.domain(files: files)
        ]
        scopes = Scopes(.provisioning, domains)
        all = AccessTypes.guarding(domains, scopes: scopes, conventions: .provisioning)
        catalog = Catalog(all)
    }
}
