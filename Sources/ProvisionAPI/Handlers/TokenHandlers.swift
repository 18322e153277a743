import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Logging
import Provisioning
import Tracker

/// Tokens and passwords (C §11.1).
enum TokenHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/users/{key}/token", .claim(scope: "users", action: "token"), userToken),
            Route(.put, "/users/{key}/password", .claim(scope: "users", action: "password"), body: .json, setPassword),
            Route(.get, "/machines/{key}/token", .claim(scope: "machines", action: "token"), machineToken),
        ]
    }

    private static func userToken(_ call: RequestContext) throws -> Answer {
        let user = try call.object("users").key.string
        let query = call.query
        return try token(call, "users") { grantor throws(AccessError) in
            try TokenRequest.user(
                user, grantor: grantor, ttl: query["ttl"], roles: query["roles"], scope: query["scope"],
                action: query["action"], specific: query["specific"])
        }
    }

    private static func machineToken(_ call: RequestContext) throws -> Answer {
        let machine = try call.object("machines")
        let address = machine.document.member("Address")?.string.map(HexAddress.text) ?? ""
        return try token(call, "machines") { grantor throws(AccessError) in
            try TokenRequest.machine(
                machine.key.string, address: address.isEmpty ? nil : address, grantor: grantor, ttl: call.query["ttl"])
        }
    }

    /// The token that `order` describes, with what a client wants to know of the server before it goes on.
    private static func token(
        _ call: RequestContext, _ model: String, _ order: (Principal) throws(AccessError) -> TokenRequest
    ) throws -> Answer {
        guard let grantor = call.principal else { throw AccessError.missingCredentials }
        do {
            let token = try call.services.authenticator.issueToken(order(grantor), in: call.snapshot)
            call.services.metrics.countToken()
            call.audit.log(
                .info, "token issued", ["principal": "\(grantor.displayed)", "for": "\(model)/\(call["key"])"])
            return .json([
                "Token": .string(token), "Info": call.services.info.value(in: call.snapshot, call.readAuthorization()),
            ])
        } catch {
            var refusal = APIError(error, to: call.method)
            refusal.model = model
            refusal.key = call["key"]
            throw refusal
        }
    }

    private static func setPassword(_ call: RequestContext) async throws -> Answer {
        let user = try call.object("users").key.string
        let member = try call.bodyObject("users").first { $0.key.asciiLowercased.hasSameUTF8(as: "password") }
        guard let password = member?.value.stringValue, !password.isEmpty else {
            throw call.badRequest(of: "users", key: user, "A new password is missing: send {\"Password\": \"…\"}")
        }
        let hash = try await call.services.authenticator.hash(password: password, from: call.address)
        guard let type = call.tracker.catalog["users"] else { throw TrackerError.notFound("users", user) }
        return try await call.write { draft throws(TrackerError) in
            try draft.setPassword(of: user, to: hash)
        } answer: {
            WriteAnswer(type.served($0.value))
        }
    }
}
