import JSON
import Testing
import Tracker

@testable import Provisioning

@Suite("dr-provision's conventions") struct ConventionTests {
    private static let machines = ObjectType.machines

    private static func refusal(of input: JSONObject) -> String? {
        do throws(TrackerError) {
            _ = try AdmittedObject(input, machines)
            return nil
        } catch {
            return error.messages.first
        }
    }

    @Test(
        arguments: [
            ("Name", JSONValue(1), "cannot unmarshal number into Go struct field Machine.Name of type string"),
            ("Runnable", "x", "cannot unmarshal string into Go struct field Machine.Runnable of type bool"),
            ("CurrentTask", 1.5, "cannot unmarshal number 1.5 into Go struct field Machine.CurrentTask of type int"),
            ("Tasks", "x", "cannot unmarshal string into Go struct field Machine.Tasks of type []string"),
            ("Meta", [["a": 1]], "cannot unmarshal array into Go struct field Machine.Meta of type map[string]string"),
            (
                "Fingerprint", 1,
                "cannot unmarshal number into Go struct field Machine.Fingerprint of type "
                    + "models.MachineFingerprint"
            ),
        ] as [(String, JSONValue, String)])
    func `have the words of Go's decoder`(field: String, value: JSONValue, text: String) {
        #expect(Self.refusal(of: [field: value]) == "json: \(text)")
    }

    @Test(arguments: [
        ("Uuid", "x", "Machine.Uuid: invalid UUID: x"), ("Address", "1.2", "Machine.Address: invalid IP address: 1.2"),
    ])
    func `have words for texts of the wrong form`(field: String, value: String, text: String) {
        #expect(Self.refusal(of: [field: .string(value)]) == text)
    }

    @Test(arguments: [
        ("limit", "-1", "Limit cannot be negative"), ("offset", "-1", "Offset cannot be negative"),
        ("limit", "x", "Limit must be a whole number, not `x`"), ("sort", "Profiles", "Not sortable: Profiles"),
        ("sort", "Available", "Not sortable: Available"), ("sort", "nothing", "No such index: nothing"),
        ("Available", "maybe", "Available must be true or false"), ("Uuid", "1", "Invalid UUID: 1"),
        ("Runnable", "Re(1)", "Runnable does not support regex"), ("Address", "x", "Invalid address: x"),
    ])
    func `have words for lists that make no sense`(name: String, value: String, message: String) {
        #expect(throws: TrackerError(.badQuery, "machines", message)) {
            try ListQuery(arguments: [(name, value)], type: Self.machines)
        }
    }

    @Test func `order the layers`() {
        #expect(
            ([.writable] + LayerConventions.provisioning.kinds).map(\.name) == [
                "writable", "local", "dynamic", "default", "plugin", "basic",
            ])
        #expect(
            LayerConventions.provisioning.kinds.filter(\.isOverwritable).map(\.name) == ["local", "default", "basic"])
        #expect(LayerConventions.provisioning.storedKind == .dynamic)
    }
}
