import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import Logging
import Tracker

/// The certificate of the API (C §13). Its key can be set and never read, and no role but that of everything covers either.
enum CertificateHandlers {
    static var routes: [Route] {
        let requirement = AccessRequirement.claim(scope: "system", action: "cert")
        return [
            Route(.get, "/system/cert", requirement, get),
            Route(.post, "/system/cert", requirement, body: .json, set),
            Route(.get, "/static/cert", .account, download),
        ]
    }

    private static func get(_ call: RequestContext) throws -> Answer { .json(value(try keeper(call))) }

    /// The certificate alone, in PEM, which every client is shown on connecting.
    private static func download(_ call: RequestContext) throws -> Answer {
        let text = try keeper(call).certificate
        return Answer(
            status: .ok, headers: [.contentType: "application/x-pem-file"], body: .array(Array(text.utf8)))
    }

    /// Connections that are open keep what they began with.
    private static func set(_ call: RequestContext) async throws -> Answer {
        let keeper = try keeper(call)
        let members = try call.bodyObject("cert")
        func text(_ name: String) throws -> String {
            guard let text = members.first(where: { $0.key.asciiLowercased.hasSameUTF8(as: name) })?.value.stringValue,
                !text.isEmpty
            else {
                throw call.badRequest(of: "system", key: "cert", "Send {\"Cert\": \"…\", \"Key\": \"…\"}, both in PEM")
            }
            return text
        }
        let identity = TLSIdentity(certificate: try text("cert"), key: try text("key"))
        do {
            try await keeper.replace(with: identity)
        } catch {
            // What TLS says of a bad key may hold parts of it.
            call.audit.log(.notice, "a certificate was refused", ["principal": "\(call.principal?.displayed ?? "")"])
            let message = "The certificate cannot be used: both must be PEM, and the key that of the first certificate"
            throw APIError(422, "ValidationError", of: "system", key: "cert", message)
        }
        call.audit.log(.notice, "the certificate was replaced", ["principal": "\(call.principal?.displayed ?? "")"])
        return .json(value(keeper))
    }

    private static func keeper(_ call: RequestContext) throws(APIError) -> CertificateProvider {
        guard let keeper = call.services.configuration.certificates else {
            throw APIError(404, APIError.type(of: call.method), of: "system", key: "cert", "This server has no TLS")
        }
        return keeper
    }

    private static func value(_ keeper: CertificateProvider) -> JSONValue {
        ["Cert": .string(keeper.certificate), "Key": ""]
    }
}
