import Access
import Basics
import HTTPServing
import NIOCore
import Provisioning
import Tracker

/// Rendering for the caller, who sees what is in the result and may use it.
extension RequestContext {
    /// What renders for the caller, in the state that the call is answered from.
    ///
    /// - Throws: a refusal where the server does not know how the machine reaches it.
    func renderer(for machine: StoredObject) throws -> Renderer {
        try authorizeRendering(for: machine)
        let fixed = services.configuration.fixedAddress.flatMap { IPAddress($0) }
        let place = ServerPlace(fixedAddress: fixed, ports: services.ports)
        let local = (channel.localAddress?.ipAddress).flatMap { IPAddress($0) }
        guard let location = place.location(cameTo: local) else {
            throw badRequest(of: "machines", key: machine.key.string, "This server has no address to tell")
        }
        return Renderer(snapshot, at: location, rendering)
    }

    /// What a template shows is in clear, and it may make tokens of the machine: who has one rendered must have the right to
    /// both.
    private func authorizeRendering(for machine: StoredObject) throws(TrackerError) {
        guard let principal, !principal.isSuperuser else { return }
        let claims = ["get", "getSecure", "token"].map { Claim("machines", $0, machine.key.string) }
        guard case .denied(let missing) = Authorization.decide(principal, claims: claims) else { return }
        throw TrackerError(.denied, "", AccessError.denied(path.shown, requires: missing).messages)
    }

    /// Rendering with tokens that give nobody more than the caller has.
    private var rendering: RenderServices {
        let services = services.rendering
        guard let principal, !principal.isSuperuser else { return services }
        return services.issuing { request, view throws(RenderError) in
            if case .service = request.subject, case .denied = Authorization.decide(principal, claims: request.claims) {
                throw RenderError("you may not make a token with the rights \(request.claims.map(\.description))")
            }
            var request = request
            request.restrictions += principal.restrictions
            return try services.issueToken(request, view)
        }
    }
}
