import Access
import Basics
import HTTPServing
import HTTPTypes
import JSON
import NetServices
import Plugins
import Tracker

/// Plug-in providers that come and go (C §18). What they say of themselves is read as objects of other types are.
enum PluginProviderHandlers {
    static var routes: [Route] {
        let (scope, one) = (typeName.rawValue, "/\(typeName)/{key}")
        return [
            // Its plug-ins are given a token with all rights, so who brings one must have them.
            Route(.post, one, .everything, body: .streamed, upload),
            Route(.delete, one, .claim(scope: scope, action: "delete"), remove),
            Route(.get, one + "/binary", .claim(scope: scope, action: "get"), binary),
        ]
    }

    private static let typeName: TypeName = "plugin_providers"

    private static func upload(_ call: RequestContext) async throws -> Answer {
        let (name, providers) = (call["key"], try host(call).providers)
        guard NameRule.name.allows(name) else {
            throw APIError(422, "POST", of: typeName.rawValue, key: name, "Invalid Name `\(name)`")
        }
        guard call.principal?.tenant == nil else {
            let message =
                "A plug-in sees all objects, and you those of your tenant: somebody without a tenant must upload it"
            throw APIError(403, "POST", of: typeName.rawValue, key: name, message)
        }
        let upload = FileUpload(
            model: typeName.rawValue, key: name, limit: call.services.configuration.uploadLimit)
        // Two may bring the same provider at once.
        let staged = "\(name)-\(call.id)"
        let (size, _) = try await upload.receive(call, into: BlobFolder(providers.stagingFolder), staged)
        do throws(PluginError) {
            try await providers.install(name, staged: staged, for: call.trackerRequest)
        } catch {
            throw APIError(error.code, error.type, of: error.model, key: error.key, error.messages)
        }
        return .json(["path": .string(name), "size": JSONValue(size)], status: .created)
    }

    private static func remove(_ call: RequestContext) async throws -> Answer {
        let provider = try call.object(typeName)
        let removed = try await host(call).providers.remove(provider.key.string, for: call.trackerRequest)
        return .json(removed.document)
    }

    private static func binary(_ call: RequestContext) async throws -> Answer {
        let (name, providers) = (try call.object(typeName).key.string, try host(call).providers)
        guard let file = await BlockingPool.shared.run({ providers.program(of: name) }) else {
            throw APIError(404, "GET", of: typeName.rawValue, key: name, "The program of the provider is missing")
        }
        return try ServedFile(file, headers: [.contentType: "application/octet-stream"]).answer(
            call.request.headers, isHead: call.isHead)
    }

    private static func host(_ call: RequestContext) throws(APIError) -> PluginHost {
        guard let host = call.services.plugins else {
            throw APIError(503, APIError.type(of: call.method), of: typeName.rawValue, "This server runs no plug-ins")
        }
        return host
    }
}
