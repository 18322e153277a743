import ArgumentParser

/// A kind of things as the verbs of Craton's client name it: `muster fleet host-list`.
protocol FleetNoun: Sendable {
    /// What one is called, in commands.
    static var noun: String { get }
    /// The collection, as paths name it.
    static var collection: String { get }
    /// What of it can be said when one is made or changed.
    static var members: [FleetFlag] { get }
    /// What lists are filtered by.
    static var filters: [FleetFlag] { get }
    /// The flags that make one, for the examples.
    static var example: String { get }
}

/// What a flag of the verbs says.
enum FleetFlag: String, Sendable {
    case name, note, cloud, region, cell, type, address, active, parent, label, vars, descendants, secret

    /// The member of a body, or the argument of a list, that has it.
    func member(of collection: String) -> String {
        switch self {
        case .name where collection == "users": "username"
        case .cloud, .region, .cell, .parent: "\(rawValue)_id"
        case .type: "device_type"
        case .address: "ip_address"
        case .secret: "access_secret_id"
        default: rawValue
        }
    }

    /// The collection of which the flag names one; nil if it names none.
    var collection: String? {
        switch self {
        case .cloud, .region, .cell: "\(rawValue)s"
        case .secret: "access-secrets"
        default: nil
        }
    }
}

extension FleetNoun {
    /// What several are called, in sentences.
    static var plural: String { String(collection.map { $0 == "-" ? " " : $0 }) }
    /// What one is called, in sentences.
    static var title: String { String(noun.map { $0 == "-" ? " " : $0 }) }

    /// The help of a flag, which is hidden where it makes no sense.
    static func help(_ text: String, _ flag: FleetFlag, in flags: [FleetFlag], _ value: String = "text") -> ArgumentHelp
    {
        ArgumentHelp("\(text)", valueName: value, visibility: flags.contains(flag) ? .default : .hidden)
    }

    /// The verbs of the noun.
    static var verbs: [any ParsableCommand.Type] {
        [
            NounList<Self>.self, NounShow<Self>.self, NounCreate<Self>.self, NounUpdate<Self>.self,
            NounDelete<Self>.self,
        ]
    }

    /// The verbs for the variables of one.
    static var variableVerbs: [any ParsableCommand.Type] {
        [NounVariables<Self>.self, NounVariablesSet<Self>.self, NounVariablesDelete<Self>.self]
    }
}

/// The nouns.
enum FleetNouns {
    /// All verbs of all nouns.
    static var verbs: [any ParsableCommand.Type] {
        let projects =
            [NounList<Project>.self, NounShow<Project>.self, NounCreate<Project>.self, NounDelete<Project>.self]
            as [any ParsableCommand.Type]
        let users =
            [NounList<User>.self, NounShow<User>.self, NounCreate<User>.self, NounDelete<User>.self]
            as [any ParsableCommand.Type]
        let devices =
            [NounList<Device>.self, NounShow<Device>.self, NounUpdate<Device>.self, NounDelete<Device>.self]
            as [any ParsableCommand.Type]
        return projects + Project.variableVerbs + users + Cloud.verbs + Cloud.variableVerbs + Region.verbs
            + Region.variableVerbs + Cell.verbs + Cell.variableVerbs + Host.verbs + Host.variableVerbs
            + NetworkDevice.verbs + NetworkDevice.variableVerbs + Network.verbs + Network.variableVerbs
            + NetworkInterface.verbs + devices
    }

    enum Project: FleetNoun {
        static let (noun, collection, example) = ("project", "projects", "-n lab")
        static let members: [FleetFlag] = [.name]
        static let filters: [FleetFlag] = [.name, .vars]
    }

    enum User: FleetNoun {
        static let (noun, collection) = ("user", "users")
        static let example = "-n ann project_id=b9f10eca-66ac-4c27-9c13-9d01e65f96b4"
        static let members: [FleetFlag] = [.name]
        static let filters: [FleetFlag] = [.name]
    }

    enum Cloud: FleetNoun {
        static let (noun, collection, example) = ("cloud", "clouds", "-n east")
        static let members: [FleetFlag] = [.name, .note]
        static let filters: [FleetFlag] = [.name, .vars]
    }

    enum Region: FleetNoun {
        static let (noun, collection, example) = ("region", "regions", "-n DFW --cloud east")
        static let members: [FleetFlag] = [.name, .note, .cloud]
        static let filters: [FleetFlag] = [.name, .cloud, .vars]
    }

    enum Cell: FleetNoun {
        static let (noun, collection, example) = ("cell", "cells", "-n C0001 -r DFW")
        static let members: [FleetFlag] = [.name, .note, .cloud, .region]
        static let filters: [FleetFlag] = [.name, .cloud, .region, .vars]
    }

    enum Host: FleetNoun {
        static let (noun, collection, example) = ("host", "hosts", "-n web-1 -r DFW -i 10.0.0.1 -t server")
        static let members: [FleetFlag] = [
            .name, .note, .cloud, .region, .cell, .type, .address, .active, .parent, .label,
        ]
        static let filters: [FleetFlag] = [.name, .cloud, .region, .cell, .type, .address, .label, .vars]
    }

    enum NetworkDevice: FleetNoun {
        static let (noun, collection) = ("network-device", "network-devices")
        static let example = "-n switch-1 -r DFW -i 10.0.0.2 -t switch model_name=x"
        static let members: [FleetFlag] = [.name, .cloud, .region, .cell, .type, .address, .active, .parent, .secret]
        static let filters: [FleetFlag] = [.name, .cloud, .region, .cell, .type, .address, .vars]
    }

    enum Network: FleetNoun {
        static let (noun, collection) = ("network", "networks")
        static let example = "-n private -r DFW cidr=10.0.0.0/24 gateway=10.0.0.1 netmask=255.255.255.0"
        static let members: [FleetFlag] = [.name, .cloud, .region, .cell]
        static let filters: [FleetFlag] = [.name, .region, .cell, .vars]
    }

    enum NetworkInterface: FleetNoun {
        static let (noun, collection) = ("network-interface", "network-interfaces")
        static let example = "-n eth0 -i 10.0.0.3 device_id=7 interface_type=ethernet"
        static let members: [FleetFlag] = [.name, .address]
        static let filters: [FleetFlag] = [.address]
    }

    /// Hosts and network devices, which are made as what they are.
    enum Device: FleetNoun {
        static let (noun, collection, example) = ("device", "devices", "")
        static let members: [FleetFlag] = [.name, .type, .address, .parent]
        static let filters: [FleetFlag] = [.cloud, .region, .cell, .parent, .active, .descendants]
    }
}
