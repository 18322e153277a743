import Provisioning
import Testing
import Tracker

/// The indexes that `GET /indexes` lists (C §7.1), in the notation of that table.
@Suite struct IndexTests {
    @Test(arguments: tables.keys.sorted())
    func `a type lists the indexes of the contract`(typeName: String) throws {
        let type = try #require(Catalog(Provisioning.types())[TypeName(typeName)])
        #expect(type.indexes.map(Self.notation) == Self.tables[typeName])
    }

    private static func notation(_ index: IndexDeclaration) -> String {
        let flags = [index.isUnique ? " U" : "", index.hasRegex ? " R" : "", index.isUnordered ? " N" : ""]
        return "\(index.name)(\(index.kindText)\(flags.joined()))"
    }

    private static let tables: [String: [String]] = [
        "bootenvs": ["Name(string U R)", "OnlyUnknown(boolean N)", "OsName(string R)"],
        "jobs": [
            "Uuid(UUID string U)", "Machine(UUID string)", "Previous(UUID string)", "Task(string R)", "Stage(string R)",
            "State(string R)", "BootEnv(string R)", "Workflow(string R)", "Archived(boolean N)", "Current(boolean)",
            "StartTime(dateTime)", "EndTime(dateTime)",
        ],
        "leases": [
            "Addr(IP Address)", "ExpireTime(Date/Time string)", "State(string R)", "Strategy(string R)",
            "Token(string R)",
        ],
        "machines": [
            "Uuid(UUID string U)", "Name(string U R)", "Address(IP Address)", "BootEnv(string R)", "Stage(string R)",
            "Workflow(string R)", "Runnable(boolean N)", "Params(list N)", "Profiles(list N)",
        ],
        "params": ["Name(string U R)", "Secure(boolean N)"],
        "plugins": ["Name(string U R)", "Provider(string R)", "Params(list N)"],
        "profiles": ["Name(string U R)", "Params(list N)"],
        "reservations": ["Addr(IP Address)", "NextServer(IP Address)", "Strategy(string R)", "Token(string R)"],
        "stages": [
            "Name(string U R)", "BootEnv(string R)", "Reboot(boolean N)", "Params(list N)", "Profiles(list N)",
            "Tasks(list N)",
        ],
        "subnets": [
            "Name(string U R)", "Address(IP Address)", "ActiveAddress(IP Address)", "NextServer(IP Address)",
            "Enabled(boolean N)", "Proxy(boolean)", "Strategy(string R)", "Subnet(CIDR Address U)",
        ],
        "tasks": ["Name(string U R)"],
        "templates": ["ID(string U R)"],
        "workflows": ["Name(string U R)", "Stages(list N)"],
    ]
}
