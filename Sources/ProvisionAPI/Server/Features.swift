import HTTPServing

/// What clients and packs may rely on (C §5.5), in the order in which clients know it.
public enum Features {
    /// The names of all features.
    ///
    /// Those up to `log-has-head-method` are what C records of a server, in its order: clients and packs take a server for
    /// dr-provision by them, so all are named, also where what they speak of belongs to services that are not built yet
    /// (`fsm-runner`, `sprig`, `auto-boot-target`, `file-iso-exists-info-render`, `inline-upgrade`), and so are
    /// the two after them, without which public packs are refused. Last come names that are true: bootenvs keep and check
    /// `Loaders` and parts for each architecture. Other names of later servers (`selective-job-purge`, `task-retry`,
    /// `agent-auto-update`) are left out until they are, since clients and packs go by them.
    public static let all = [
        "api-v3", "sane-exit-codes", "common-blob-size", "change-stage-map", "job-exit-states",
        "package-repository-handling", "profileless-machine", "threaded-log-levels", "plugin-v2", "fsm-runner",
        "plugin-v2-safe-config", "workflows", "default-workflow", "http-range-header", "roles", "tenants",
        "secure-params", "separate-meta-api", "slim-objects", "secure-param-upgrade", "sprig", "multiarch",
        "actions-in-task-list", "endpoint-refs", "endpoint-proxy", "inline-upgrade", "bundle-objects",
        "secure-params-in-content-packs", "task-prerequisites", "content-prerequisite-version-checking",
        "stage-paramer", "auto-boot-target", "partial-objects", "regex-string-filters",
        "file-iso-exists-info-render", "log-has-head-method", "virtual-media-boot", "elevated-tasks",
        "overridable-bootloaders", "centos-8",
    ]
}
