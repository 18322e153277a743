public import Tracker

/// The kinds of things in an inventory (F §3).
public enum FleetKind: String, Sendable, CaseIterable {
    case project, user, cloud, region, cell, host
    case networkDevice = "network-device"
    case network
    case networkInterface = "network-interface"
    case variableRight = "variable-right"
    case accessSecret = "access-secret"

    /// The object type that keeps things of the kind. Hosts and network devices share one: they share numbers, names and parents.
    public var typeName: TypeName {
        switch self {
        case .project: FleetTypes.projects
        case .user: FleetTypes.users
        case .cloud: FleetTypes.clouds
        case .region: FleetTypes.regions
        case .cell: FleetTypes.cells
        case .host, .networkDevice: FleetTypes.devices
        case .network: FleetTypes.networks
        case .networkInterface: FleetTypes.interfaces
        case .variableRight: FleetTypes.variableRights
        case .accessSecret: FleetTypes.secrets
        }
    }

    /// Whether things of the kind are devices.
    public var isDevice: Bool { self == .host || self == .networkDevice }

    /// What a client is told who gives a name that is taken (F §1).
    var duplicateText: String {
        switch self {
        case .host, .networkDevice: "A device with the given name already exists."
        case .network: "Network with the given name already exists in this region."
        case .variableRight: "The role has a right to that prefix already."
        case .accessSecret: "An access secret with the given name already exists."
        case .networkInterface: "A network interface with the given name already exists."
        default: "A \(rawValue) with the given name already exists."
        }
    }
}

/// The names of the domain's object types.
public enum FleetTypes {
    /// Who shares an inventory.
    public static let projects: TypeName = "fleet_projects"
    /// Who has a key to the inventory of a project.
    public static let users: TypeName = "fleet_users"
    /// The largest parts of an inventory.
    public static let clouds: TypeName = "fleet_clouds"
    /// Parts of clouds.
    public static let regions: TypeName = "fleet_regions"
    /// Parts of regions.
    public static let cells: TypeName = "fleet_cells"
    /// Hosts and network devices.
    public static let devices: TypeName = "fleet_devices"
    /// Address ranges.
    public static let networks: TypeName = "fleet_networks"
    /// What devices are connected by.
    public static let interfaces: TypeName = "fleet_interfaces"

    /// What devices with a label are handed.
    public static let labels: TypeName = "fleet_labels"
    /// Who may read and write which variables.
    public static let variableRights: TypeName = "fleet_variable_rights"
    /// What network devices are reached with, kept sealed.
    public static let secrets: TypeName = "fleet_secrets"
    /// Which machines hosts are.
    public static let machines: TypeName = "fleet_machines"

    /// All of them.
    public static let all: [TypeName] = [
        projects, users, clouds, regions, cells, devices, networks, interfaces, labels, machines, variableRights,
        secrets,
    ]
}
