import HTTPTypes
import Hummingbird
package import Logging
import NIOCore

/// Routes to the files in a folder: `GET` and `HEAD`, with ranges, dates and entity tags (RFC 9110 §8.8, §13, §14).
package struct FileRoutes: Sendable {
    private let files: FileMiddleware<BasicRequestContext, LocalFileSystem>
    private let headers: HeaderPolicy

    /// The routes to the files in `folder`.
    ///
    /// - Parameters:
    ///   - headers: the header fields that all answers have.
    ///   - logger: told of what cannot be read.
    package init(folder: String, headers: HeaderPolicy, logger: Logger) {
        files = FileMiddleware(folder, searchForIndexHtml: false, logger: logger)
        self.headers = headers
    }

    /// The routes, for a facade whose base is the root.
    package func routes() -> [Route<OpenSession>] {
        ["/", "/{path...}"].map { Route(.get, $0, .nothing, headers: headers, file) }
    }

    private func file(_ context: RequestContext<OpenSession>) async throws -> Answer {
        let source = ApplicationRequestContextSource(channel: context.channel, logger: context.logger)
        let request = Request(head: context.request.head, body: RequestBody(buffer: ByteBuffer()))
        do {
            let response = try await files.handle(request, context: BasicRequestContext(source: source)) { _, _ in
                throw Hummingbird.HTTPError(.notFound)
            }
            return Answer(status: response.status, headers: response.headers, body: .parts(response.body))
        } catch let error as Hummingbird.HTTPError {
            throw HTTPServing.HTTPError(error.status.code, .noRoute, error.body ?? "")
        }
    }
}
