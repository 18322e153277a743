import JSON
import Provisioning
import Testing
import Tracker

/// Inputs that are refused, and the exact messages (C §5).
@Suite struct ValidationTextTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let typeName: TypeName
        let input: String
        let messages: [String]

        init(_ typeName: TypeName, _ input: String, _ messages: String...) {
            self.typeName = typeName
            self.input = input
            self.messages = messages
        }

        var testDescription: String { "\(typeName) \(input)" }
    }

    @Test(arguments: machines + parts + others + network)
    func `a wrong object is refused with the messages that clients know`(_ wrong: Case) async throws {
        let world = try await TestServer()
        let input = try json(wrong.input)
        let error = await refusal { () throws(TrackerError) in try await world.create(wrong.typeName, input) }
        #expect(error?.code == .invalid)
        #expect(error?.typeName == wrong.typeName.rawValue)
        #expect(error?.messages == wrong.messages)
    }

    private static let uuid = "24679e38-53a2-4a82-99dd-5280139de00c"

    private static func machine(_ fields: String, _ messages: String...) -> Case {
        Case("machines", #"{"Uuid":"\#(uuid)",\#(fields)}"#, messages)
    }

    static let machines: [Case] = [
        machine(#""Name":"""#, "\(uuid): Invalid Name ``"),
        machine(#""Name":"foo/""#, "\(uuid): Invalid Name `foo/`"),
        machine(#""Name":"foo","Arch":"vax""#, "\(uuid): Unsupported arch vax"),
        machine(#""Name":"foo","Arch":"x86_64""#, "\(uuid): Please use amd64 for Arch instead of x86_64"),
        machine(#""Name":"foo","Stage":"a/b""#, "\(uuid): Invalid Stage `a/b`"),
        machine(#""Name":"foo","BootEnv":"1b""#, "\(uuid): Invalid BootEnv `1b`"),
        machine(#""Name":"foo","Workflow":"w""#, "\(uuid): Invalid Workflow `w`"),
        machine(#""Name":"foo","Profiles":["p"]"#, "\(uuid): Invalid Profile `p`"),
        machine(
            #""Name":"foo","Tasks":["t","stage:s","bootenv:b","context:","chroot:/x","action:a","action:p:a","x:y"]"#,
            "\(uuid): Invalid Task `t`", "\(uuid): Invalid Stage `s`", "\(uuid): Invalid BootEnv `b`",
            "\(uuid): Invalid Action `a`", "\(uuid): Invalid Plugin `p`", "\(uuid): Invalid Action `a`",
            "\(uuid): Invalid Task: x:y"),
        machine(
            #""Name":"foo","HardwareAddrs":["00:11:22:33:44:55","x"]"#,
            "\(uuid): Invalid Hardware Address `x`: address x: invalid MAC address"),
        machine(#""Name":"foo","Params":{"1x":1}"#, "\(uuid): Invalid Param Name `1x`"),
        machine(#""Name":"foo","Profiles":["jill","jill"]"#, "\(uuid): Duplicate profile jill: at 0 and 1"),
        machine(
            #""Name":"foo","BootEnv":"bar","Stage":"baz""#, "Stage baz does not exist", "Bootenv bar does not exist"),
        machine(#""Name":"foo","Profiles":["foo"]"#, "\(uuid): Profile foo (at 0) does not exist"),
        machine(#""Name":"foo","Tasks":["stage:none","foo"]"#, "\(uuid): Task foo (at 1) does not exist"),
        machine(#""Name":"foo","Workflow":"wf""#, "Workflow wf does not exist"),
        machine(
            #""Name":"foo","BootEnv":"ignore""#,
            "BootEnv ignore does not allow Machine assignments, it has the OnlyUnknown flag."),
    ]

    static let parts: [Case] = [
        Case("stages", #"{"Name":"s"}"#, "s: Invalid Name `s`"),
        Case(
            "stages", #"{"Name":"st","BootEnv":"/","Profiles":["/"],"Tasks":["/","action:x","no:x"]}"#,
            "st: Invalid Task `/`", "st: Invalid action specifier x", "st: Invalid Task: no:x",
            "st: Invalid BootEnv `/`",
            "st: Invalid Profile `/`"),
        Case(
            "stages", #"{"Name":"st","RequiredParams":["1"],"OptionalParams":["a?"],"Params":{"?":1}}"#,
            "st: Invalid Required Param `1`", "st: Invalid Optional Param `a?`", "st: Invalid Param Name `?`"),
        Case(
            "stages", #"{"Name":"st","Templates":[{},{"Name":"a","Path":"{{ }","ID":"x","Contents":"y"}]}"#,
            "st: Template[0] is missing a Name", "st: Template[0] is missing a Path",
            "st: Template[0] must have either an ID, a Link, or Contents set",
            "st: Template[1] Path is not a valid text/template: template: a:1: unexpected \"}\" in command",
            "st: Template[1] has both an ID and Contents"),
        Case(
            "tasks", #"{"Name":"ta","Templates":[{"Name":"a","Contents":"x"},{"Name":"a","Contents":"{{end}}"}]}"#,
            "ta: Template[1] Contents is not a valid text/template: template: a:1: unexpected {{end}}",
            "ta: Template 1 and 0 have the same name a"),
        Case(
            "tasks",
            #"{"Name":"ta","Templates":[{"Name":"a","Contents":"x","Meta":{"OS":"linux, Windows,vms,mvs"}},{"Name":"b","Contents":"x"}]}"#,
            "ta: Template[0]: Invalid OS value vms",
            "ta: Valid values are: any,darwin,esxi,freebsd,linux,netbsd,openbsd,solaris,windows",
            "ta: Template[0]: Invalid OS value mvs",
            "ta: Cannot mix templates with OS metadata and templates without OS metadata",
            "ta: Template[0] a has OS metadata linux, Windows,vms,mvs", "ta: Template[1] b is missing OS metadata"),
        Case("tasks", #"{"Name":"ta","Prerequisites":["ta"]}"#, "Task ta depends on itself!", "ta: ta (cycle at 0)"),
        Case("workflows", #"{"Name":"wf","Stages":["1"]}"#, "wf: Invalid Stage Name `1`"),
        Case(
            "bootenvs",
            #"{"Name":"be","BootParams":"{{if}}","Loaders":{"vax":"x","amd64-uefi":"y"},"OS":{"SupportedArchitectures":{"vax":{}}}}"#,
            "be: BootParams is not a valid text/template: template: machine:1: missing value for if",
            "be: vax is not a supported architecture", "be: vax is not a supported loader type"),
        Case(
            "bootenvs", #"{"Name":"be","Templates":[{"Name":"a","Contents":"x"}]}"#, "be: Template[0] is missing a Path"
        ),
    ]

    static let others: [Case] = [
        Case("templates", #"{"ID":"a"}"#, "a: Invalid ID `a`"),
        Case("templates", #"{"ID":"a1","Contents":"{{nope}}"}"#, #"a1: template: a1:1: function "nope" not defined"#),
        Case("params", #"{"Name":"1a"}"#, "1a: Invalid Name `1a`"),
        Case(
            "params", #"{"Name":"a/b","Schema":{"type":"string","default":false}}"#,
            "a/b: Error in default value: (root): Invalid type. Expected: string, given: boolean"),
        Case("profiles", #"{"Name":"p","Params":{"a?":1}}"#, "p: Invalid Name `p`", "p: Invalid Param Name `a?`"),
        Case(
            "jobs", #"{"Uuid":"\#(uuid)","Task":"1","Stage":"1","State":"x","ExitState":"y"}"#,
            "\(uuid): Invalid Task `1`", "\(uuid): Invalid Stage `1`", "\(uuid): Invalid State `x`",
            "\(uuid): Invalid ExitState `y`"),
        Case(
            "plugins", #"{"Name":"p1","Provider":"","Params":{"?":1}}"#, "p1: Invalid Provider ``",
            "p1: Invalid Param Name `?`"),
        Case("pools", #"{"Id":"1"}"#, "1: Invalid Id `1`"),
        Case("endpoints", #"{"Id":":1"}"#, ":1: Invalid Id `:1`"),
    ]

    static let network: [Case] = [
        Case(
            "subnets", #"{"Name":"sn","Subnet":"10.0.0.0"}"#,
            "sn: Invalid subnet 10.0.0.0: invalid CIDR address: 10.0.0.0"),
        Case(
            "subnets", #"{"Name":"sn","Subnet":"10.0.0.0/24","Proxy":true,"Unmanaged":true,"ReservedLeaseTime":60}"#,
            "sn: Unmanaged and Proxy cannot both be true",
            "sn: ReservedLeaseTime must be greater than or equal to 7200 seconds, not 60"),
        Case(
            "subnets", #"{"Name":"sn","Subnet":"10.0.0.1/24","NextServer":"127.0.0.1","ActiveLeaseTime":5}"#,
            "sn: 127.0.0.1 is not a valid IP address for dr-provision", "sn: IP Address is nil",
            "sn: IP Address is nil",
            "sn: ActiveStart <nil> not in subnet range 10.0.0.0/24",
            "sn: ActiveEnd <nil> not in subnet range 10.0.0.0/24",
            "sn: ActiveLeaseTime must be greater than or equal to 60 seconds, not 5"),
        Case(
            "subnets", #"{"Name":"sn","Subnet":"10.0.0.0/24","ActiveStart":"10.0.0.9","ActiveEnd":"10.0.0.8"}"#,
            "sn: ActiveStart 10.0.0.9 must be less than or equal to ActiveEnd 10.0.0.8"),
        Case(
            "subnets", #"{"Name":"sn","Subnet":"10.0.0.0/24","ActiveStart":"10.0.1.1","ActiveEnd":"10.0.1.2"}"#,
            "sn: ActiveStart 10.0.1.1 not in subnet range 10.0.0.0/24",
            "sn: ActiveEnd 10.0.1.2 not in subnet range 10.0.0.0/24"),
        Case(
            "reservations", #"{"Addr":"10.0.0.9"}"#, "0A000009: Reservation Token cannot be empty!",
            "0A000009: Reservation Strategy cannot be empty!"),
        Case(
            "reservations", #"{"Addr":"192.168.100.100","Token":"t","Strategy":"MAC","Scoped":true}"#,
            "C0A86464: Address 192.168.100.100 is not in a defined Subnet, and Scoped is true."),
        Case(
            "reservations", #"{"Addr":"224.0.0.1","Token":"t","Strategy":"MAC"}"#,
            "E0000001: 224.0.0.1 is not a valid IP address for dr-provision"),
        Case("leases", #"{"Addr":"10.0.0.9","State":"NEW"}"#, "0A000009: Invalid State `NEW`"),
    ]
}

extension ValidationTextTests.Case {
    fileprivate init(_ typeName: TypeName, _ input: String, _ messages: [String]) {
        self.typeName = typeName
        self.input = input
        self.messages = messages
    }
}
