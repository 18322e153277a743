import JSON
public import Tracker

/// dr-provision's object types: the first domain of the tracker (C §5).
public enum Provisioning {
    /// Every object type of the domain; users, roles and tenants belong to access control.
    ///
    /// - Parameter files: what lies below `tftpboot`, by default nothing; bootenvs are usable only if their kernels are
    ///   there.
    public static func types(files: FileCatalog = .empty) -> [ObjectType] {
        core(files: files) + [
            .subnets, .reservations, .leases,
            .plugins, .pluginProviders, .pools, .catalogItems, .endpoints, .versionSets,
            RawType.make(typeName: "kk", properties: [:]),
        ]
    }

    private static func core(files: FileCatalog) -> [ObjectType] {
        [
            .machines, .stages, .tasks, .workflows, .bootenvs(files: files), .templates, .params, .profiles, .jobs,
            .contexts, .preferences,
        ]
    }
}
