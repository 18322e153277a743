import JSON
public import Tracker

/// dr-provision's object types: the first domain of the tracker (C §5).
public enum Provisioning {
    /// The domain: its types, dr-provision's stack of content, and what every server has from the start.
    ///
    /// - Parameters:
    ///   - files: what lies below `tftpboot`, by default nothing; bootenvs are usable only if their kernels are there.
    ///   - rawTypes: the types that plug-in providers declare.
    public static func domain(files: FileCatalog = .empty, rawTypes: [RawTypeDeclaration] = []) -> Domain {
        Domain(
            "provisioning", typePrefix: nil, types: types(files: files) + rawTypes.map(\.type),
            sideKeyspaces: [JobLog.keyspace],
            layers: .provisioning, prepare: prepare,
            services: [
                BootFileLook.service, LeaseExpiry.service, TaskRetries.service, Retention.service, PoolFiller.service,
            ])
    }

    private static func prepare(_ draft: inout Draft) throws(TrackerError) {
        try BuiltIn.firstBoot(in: &draft)
        try draft.failAbandonedActions()
    }

    /// Every object type of the domain; users, roles and tenants belong to access control.
    ///
    /// - Parameter files: what lies below `tftpboot`, by default nothing; bootenvs are usable only if their kernels are
    ///   there.
    public static func types(files: FileCatalog = .empty) -> [ObjectType] {
        core(files: files) + [
            .subnets, .reservations, .leases,
            .plugins, .pluginProviders, .pools, PoolTransfer.type, .catalogItems, .endpoints, .versionSets,
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
