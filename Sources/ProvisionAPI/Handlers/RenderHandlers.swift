import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import NIOCore
import Provisioning
import Tracker

/// Templates rendered for a machine as it would be served them (C §16).
enum RenderHandlers {
    static var routes: [Route] {
        [
            Route(.get, "/templates/{key}/render/{machine}", .claim(scope: "templates", action: "get"), shared),
            Route(.post, "/machines/{key}/render", .claim(scope: "machines", action: "get"), body: .streamed, given),
        ]
    }

    /// The longest template that a client may send, in bytes.
    private static let longest = 1 << 20

    /// A shared template.
    private static func shared(_ call: RequestContext) async throws -> Answer {
        let template = try call.object("templates")
        let source = TemplateSource(
            name: template.key.string, contents: template.document.member("Contents")?.string ?? "")
        return try await render(source, for: call.object("machines", at: call["machine"], in: call.snapshot), call)
    }

    /// A template that the client sends.
    private static func given(_ call: RequestContext) async throws -> Answer {
        let machine = try call.object("machines")
        let bytes = try await call.stream.collect(upTo: longest)
        guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
            throw call.badRequest(of: "machines", key: call["key"], "The template is not UTF-8")
        }
        return try await render(TemplateSource(name: "render", contents: text), for: machine, call)
    }

    private static func render(
        _ source: TemplateSource, for machine: StoredObject, _ call: RequestContext
    ) async throws -> Answer {
        try authorize(machine, call)
        let fixed = call.services.configuration.fixedAddress.flatMap { IPAddress($0) }
        let place = ServerPlace(fixedAddress: fixed, ports: call.services.ports)
        let local = (call.channel.localAddress?.ipAddress).flatMap { IPAddress($0) }
        guard let location = place.location(cameTo: local) else {
            throw call.badRequest(of: "machines", key: machine.key.string, "This server has no address to tell")
        }
        let renderer = Renderer(call.snapshot, at: location, services(for: call))
        do throws(RenderError) {
            let (text, reads) = try await BlockingPool.shared.run { () throws(RenderError) in
                try renderer.explained(source, for: RenderSubject(machine: machine))
            }
            guard call.query.isSet("explain") else {
                return Answer(
                    status: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: .array(Array(text.utf8)))
            }
            return .json(["text": .string(text), "params": .array(reads.map { explained($0, call) })])
        } catch {
            throw APIError(
                400, APIError.type(of: call.method), of: "machines", key: machine.key.string, error.description)
        }
    }

    /// What a template shows is in clear, and it may make tokens of the machine: who has one rendered must have the right to
    /// both.
    private static func authorize(_ machine: StoredObject, _ call: RequestContext) throws(TrackerError) {
        guard let principal = call.principal, !principal.isSuperuser else { return }
        let claims = ["get", "getSecure", "token"].map { Claim("machines", $0, machine.key.string) }
        guard case .denied(let missing) = Authorization.decide(principal, claims: claims) else { return }
        throw TrackerError(.denied, "", AccessError.denied(call.path.shown, requires: missing).messages)
    }

    /// Rendering with tokens that give nobody more than the caller has.
    private static func services(for call: RequestContext) -> RenderServices {
        let services = call.services.rendering
        guard let principal = call.principal, !principal.isSuperuser else { return services }
        return services.issuing { request, view throws(RenderError) in
            if case .service = request.subject, case .denied = Authorization.decide(principal, claims: request.claims) {
                throw RenderError("you may not make a token with the rights \(request.claims.map(\.description))")
            }
            var request = request
            request.restrictions += principal.restrictions
            return try services.issueToken(request, view)
        }
    }

    private static func explained(_ read: ParamRead, _ call: RequestContext) -> JSONValue {
        switch read.source {
        case .schema:
            return ["name": .string(read.name), "from": "default", "type": "params", "key": .string(read.name)]
        case .nowhere: return ["name": .string(read.name), "from": "none", "type": "", "key": ""]
        case .object(let id):
            // A source that the caller may not get is not named.
            let isSeen = call.readAuthorization().sees(id, in: call.snapshot)
            return [
                "name": .string(read.name), "from": "value", "type": .string(isSeen ? id.typeName.rawValue : ""),
                "key": .string(isSeen ? id.key.string : ""),
            ]
        }
    }
}
