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
        let renderer = try call.renderer(for: machine)
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
