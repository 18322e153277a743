/// What clients and packs may rely on (C §5.5), in the order in which clients know it.
public enum Features {
    /// The names of all features.
    public static let all = [
        "api-v3", "sane-exit-codes", "common-blob-size", "change-stage-map", "job-exit-states",
        "package-repository-handling", "profileless-machine", "threaded-log-levels", "plugin-v2", "fsm-runner",
        "plugin-v2-safe-config", "workflows", "default-workflow", "http-range-header", "roles", "tenants",
        "secure-params", "separate-meta-api", "slim-objects", "secure-param-upgrade", "sprig", "multiarch",
        "actions-in-task-list", "endpoint-refs", "endpoint-proxy", "inline-upgrade", "bundle-objects",
        "secure-params-in-content-packs", "task-prerequisites", "content-prerequisite-version-checking",
        "stage-paramer", "auto-boot-target", "partial-objects", "regex-string-filters",
        "file-iso-exists-info-render", "log-has-head-method", "overridable-bootloaders", "centos-8", "task-retry",
    ]
}
