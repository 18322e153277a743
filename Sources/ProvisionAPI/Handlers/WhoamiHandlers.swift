import Access
import HTTPServing
import HTTPTypes
import JSON
import Provisioning
import Tracker

/// Tells a machine which one it is, by what it says of its hardware (C §15.5).
enum WhoamiHandlers {
    static var routes: [Route] {
        [Route(.post, "/whoami", .claim(scope: "machines", action: "whoami"), body: .json, whoami)]
    }

    private static func whoami(_ call: RequestContext) async throws -> Answer {
        var whoami = try call.bodyObject("machines")
        let identity = MachineIdentity(whoami)
        guard let (machine, score) = identity.match(in: call.snapshot) else {
            whoami["Result"] = ["Score": 0, "Uuid": "", "Token": ""]
            return .json(.object(whoami))
        }
        let uuid = machine.key.string
        var refreshed = machine.object
        if identity.refresh(&refreshed) {
            let request = TrackerRequest(
                id: call.id.description, principal: call.principal?.displayed ?? "",
                reason: "the machine told who it is",
                scope: WriteScope(["machines"]))
            _ = try await call.tracker.commit(request) { draft throws(TrackerError) in
                try draft.updateAsServer("machines", at: uuid) { object in _ = identity.refresh(&object) }
            }
        }
        guard let grantor = call.principal else { throw AccessError.missingCredentials }
        let address = machine.document.member("Address")?.string.map(HexAddress.text) ?? ""
        let order = try TokenRequest.machine(uuid, address: address.isEmpty ? nil : address, grantor: grantor)
        whoami["Result"] = [
            "Score": JSONValue(score), "Uuid": .string(uuid),
            "Token": .string(try call.services.authenticator.issueToken(order, in: call.tracker.snapshot)),
        ]
        return .json(.object(whoami))
    }
}
