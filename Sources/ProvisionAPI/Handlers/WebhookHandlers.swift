import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import NIOCore
import Provisioning
import Tracker

/// Calls from outside that fire triggers. Who calls has no account, but knows the trigger's secret: it is in the header
/// `X-Muster-Token`, or `X-Hub-Signature-256` has a code that was made with it. Who guesses is slowed down as at a login.
enum WebhookHandlers {
    static var routes: [Route] { [Route(.post, "/webhooks/{name}", .nothing, body: .streamed, fire)] }

    /// The longest body, in bytes.
    private static let longest = 1 << 20

    private static func fire(_ call: RequestContext) async throws -> Answer {
        let (name, headers) = (call["name"], call.request.headers)
        let body = Array(try await call.stream.collect(upTo: longest).readableBytesView)
        let isAdmitted = try call.services.authenticator.knowsSecret(of: "trigger:\(name)", from: call.address) {
            isKnown(name, headers, body, call.snapshot)
        }
        guard isAdmitted else {
            // Nobody learns from the answer which triggers there are.
            throw APIError(
                403, "AUTH", of: "triggers",
                "No trigger can be called so: send its secret as X-Muster-Token, "
                    + "or sign the body with it in X-Hub-Signature-256")
        }
        let data = (try? JSONValue(parsing: body)) ?? .string(String(decoding: body, as: UTF8.self))
        let run = TriggerRun(
            name, id: identifier(headers) ?? call.id.description, data: data,
            machine: data["Machine"]?.stringValue)
        let count = try await run.fire(on: call.tracker, call.services.authenticator)
        return .json(
            ["Trigger": .string(name), "Event": .string(run.id), "WorkOrders": JSONValue(count)], status: .accepted)
    }

    private static func isKnown(_ name: String, _ headers: HTTPFields, _ body: [UInt8], _ view: Snapshot) -> Bool {
        guard let text = Triggers.secret(of: name, in: view) else { return false }
        let secret = SharedSecret(text)
        if let token = headers[values: .musterToken].first { return secret.isSame(as: token) }
        return headers[values: .hubSignature].first.map { secret.signs(body, as: $0) } ?? false
    }

    /// What the caller tells its calls apart by: one that comes again fires nothing.
    private static func identifier(_ headers: HTTPFields) -> String? {
        [.musterDelivery, .hubDelivery].lazy.compactMap { headers[values: $0].first }.first.map {
            String($0.prefix(200))
        }
    }
}
