import JSON
import Provisioning
import Testing
import Tracker

/// The exact bytes of every type's empty object: Go's zero values, sorted fields, nothing that v4.8 clients do not know.
@Suite struct ZeroObjectTests {
    @Test(arguments: zeroObjects.keys.sorted())
    func `an empty object has exactly the fields that clients know`(typeName: String) throws {
        let type = try #require(Catalog(Provisioning.types())[TypeName(typeName)])
        #expect(JSONValue.object(type.schema.zero).canonicalText == zeroObjects[typeName])
    }

    @Test func `every type has its golden object`() {
        // Of secret types, clients know nothing.
        let known = Provisioning.types().filter { !$0.traits.contains(.secret) }
        #expect(known.map(\.typeName.rawValue).sorted() == zeroObjects.keys.sorted())
    }

    @Test func `an admitted empty object is the zero object`() throws {
        for type in Provisioning.types() {
            #expect(try type.schema.decode([:]) == type.schema.zero, "\(type.typeName)")
            #expect(try type.schema.decode(type.schema.zero) == type.schema.zero, "\(type.typeName)")
        }
    }

    @Test func `GET objects lists the writable types and preferences`() {
        let listed = Provisioning.types().filter { $0.traits.contains(.listed) }.map(\.typeName.rawValue).sorted()
        #expect(
            listed == [
                "bootenvs", "catalog_items", "contexts", "endpoints", "jobs", "kk", "leases", "machines", "params",
                "plugins", "pools", "preferences", "profiles", "reservations", "stages", "subnets", "tasks",
                "templates",
                "version_sets", "workflows",
            ])
    }
}

let zeroObjects: [String: String] = [
    "bootenvs": #"""
    {"Available":false,"BootParams":"","Bundle":"","Description":"","Documentation":"","Endpoint":"","Errors":[],"Initrds":[],"Kernel":"","Loaders":{},"Meta":{},"Name":"","OS":{"Codename":"","Family":"","IsoFile":"","IsoSha256":"","IsoUrl":"","Name":"","SupportedArchitectures":{},"Version":""},"OnlyUnknown":false,"OptionalParams":[],"ReadOnly":false,"RequiredParams":[],"Templates":[],"Validated":false}
    """#,
    "catalog_items": #"""
    {"ActualVersion":"","Available":false,"ContentType":"","Endpoint":"","Errors":[],"HotFix":false,"Id":"","Meta":{},"NOJQSource":false,"Name":"","ReadOnly":false,"Shasum256":{},"Source":"","Tip":false,"Type":"catalog_items","Validated":false,"Version":""}
    """#,
    "contexts": #"""
    {"Available":false,"Bundle":"","Description":"","Documentation":"","Endpoint":"","Engine":"","Errors":[],"Image":"","Meta":{},"Name":"","ReadOnly":false,"Validated":false}
    """#,
    "endpoints": #"""
    {"Available":false,"Bundle":"","Endpoint":"","Errors":[],"Id":"","Meta":{},"ReadOnly":false,"Validated":false}
    """#,
    "jobs": #"""
    {"Archived":false,"Available":false,"BootEnv":"","Bundle":"","Context":"","Current":false,"CurrentIndex":0,"EndTime":"0001-01-01T00:00:00Z","Endpoint":"","Errors":[],"ExitState":"","Machine":"","Meta":{},"NextIndex":0,"Previous":"","ReadOnly":false,"Stage":"","StartTime":"0001-01-01T00:00:00Z","State":"","Task":"","Uuid":"","Validated":false,"Workflow":""}
    """#,
    "kk": #"""
    {"Available":false,"Bundle":"","Description":"","Documentation":"","Endpoint":"","Errors":[],"Id":"","Meta":{},"Params":{},"ReadOnly":false,"Type":"kk","Validated":false}
    """#,
    "leases": #"""
    {"Addr":"","Available":false,"Bundle":"","Duration":0,"Endpoint":"","Errors":[],"ExpireTime":"0001-01-01T00:00:00Z","Meta":{},"NextServer":"","Options":[],"ProvidedOptions":[],"ReadOnly":false,"SkipBoot":false,"State":"","Strategy":"","Token":"","Validated":false,"Via":""}
    """#,
    "machines": #"""
    {"Address":"","Arch":"amd64","Available":false,"BootEnv":"","Bundle":"","Context":"","CurrentJob":"","CurrentTask":0,"Description":"","Endpoint":"","Errors":[],"Fingerprint":{"CSNHash":"","CloudInstanceID":"","MemoryIds":[],"SSNHash":"","SystemUUID":""},"HardwareAddrs":[],"Locked":false,"Meta":{},"Name":"","OS":"","Params":{},"Partial":false,"Pool":"","PoolAllocated":false,"PoolStatus":"","Profiles":[],"ReadOnly":false,"RetryTaskAttempt":0,"Runnable":false,"Secret":"","Stage":"","TaskErrorStacks":[],"Tasks":[],"Uuid":"","Validated":false,"Workflow":"","WorkflowComplete":false}
    """#,
    "params": #"""
    {"Available":false,"Bundle":"","Description":"","Documentation":"","Endpoint":"","Errors":[],"Meta":{},"Name":"","ReadOnly":false,"Schema":null,"Secure":false,"Validated":false}
    """#,
    "plugin_providers": #"""
    {"AutoStart":false,"AvailableActions":[],"Content":"","Documentation":"","HasPublish":false,"Meta":{},"Name":"","OptionalParams":[],"PluginVersion":0,"RequiredParams":[],"StoreObjects":{},"Version":""}
    """#,
    "plugins": #"""
    {"Available":false,"Bundle":"","Description":"","Documentation":"","Endpoint":"","Errors":[],"Meta":{},"Name":"","Params":{},"Partial":false,"PluginErrors":[],"Provider":"","ReadOnly":false,"Validated":false}
    """#,
    "pools": #"""
    {"Available":false,"Bundle":"","Endpoint":"","Errors":[],"Id":"","Meta":{},"ReadOnly":false,"Validated":false}
    """#,
    "preferences": #"{"Meta":{},"Name":"","Val":""}"#,
    "profiles": #"""
    {"Available":false,"Bundle":"","Description":"","Documentation":"","Endpoint":"","Errors":[],"Meta":{},"Name":"","Params":{},"Partial":false,"Profiles":[],"ReadOnly":false,"Validated":false}
    """#,
    "reservations": #"""
    {"Addr":"","Available":false,"Bundle":"","Description":"","Documentation":"","Duration":0,"Endpoint":"","Errors":[],"Meta":{},"NextServer":"","Options":[],"ReadOnly":false,"Scoped":false,"Strategy":"","Subnet":"","Token":"","Validated":false}
    """#,
    "stages": #"""
    {"Available":false,"BootEnv":"","Bundle":"","Description":"","Documentation":"","Endpoint":"","Errors":[],"Meta":{},"Name":"","OptionalParams":[],"Params":{},"Partial":false,"Profiles":[],"ReadOnly":false,"Reboot":false,"RequiredParams":[],"RunnerWait":true,"Tasks":[],"Templates":[],"Validated":false}
    """#,
    "subnets": #"""
    {"ActiveEnd":"","ActiveLeaseTime":60,"ActiveStart":"","Available":false,"Bundle":"","Description":"","Documentation":"","Enabled":false,"Endpoint":"","Errors":[],"Meta":{},"Name":"","NextServer":"","OnlyReservations":false,"Options":[],"Pickers":["hint","nextFree","mostExpired"],"Proxy":false,"ReadOnly":false,"ReservedLeaseTime":7200,"Strategy":"MAC","Subnet":"","Unmanaged":false,"Validated":false}
    """#,
    "tasks": #"""
    {"Available":false,"Bundle":"","Description":"","Documentation":"","Endpoint":"","Errors":[],"Meta":{},"Name":"","OptionalParams":[],"Prerequisites":[],"ReadOnly":false,"RequiredParams":[],"Templates":[],"Validated":false}
    """#,
    "templates": #"""
    {"Available":false,"Bundle":"","Contents":"","Description":"","Endpoint":"","Errors":[],"ID":"","Meta":{},"ReadOnly":false,"Validated":false}
    """#,
    "version_sets": #"""
    {"Apply":false,"Available":false,"Bundle":"","Components":[],"DRPUXVersion":"","DRPVersion":"","Description":"","Documentation":"","Endpoint":"","Errors":[],"Files":[],"Global":{},"Id":"","Meta":{},"Plugins":[],"Prefs":{},"ReadOnly":false,"Validated":false}
    """#,
    "workflows": #"""
    {"Available":false,"Bundle":"","Description":"","Documentation":"","Endpoint":"","Errors":[],"Meta":{},"Name":"","ReadOnly":false,"Stages":[],"Validated":false}
    """#,
]
