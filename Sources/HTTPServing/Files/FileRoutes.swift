import Basics
import HTTPTypes

/// Routes to files: `GET` and `HEAD`, with ranges, dates and entity tags (RFC 9110 §8.8, §13, §14).
package struct FileRoutes: Sendable {
    /// Finds what is at a path below the root.
    ///
    /// - Parameter path: without a slash at the start, and without parts that lead up or nowhere.
    /// - Throws: `HTTPError`, if something is there that cannot be served.
    package typealias Finder =
        @Sendable (_ path: String, _ context: RequestContext<OpenSession>) async throws -> ServedFile?

    private let find: Finder
    private let headers: HeaderPolicy

    /// The routes to what `find` finds.
    ///
    /// - Parameter headers: the header fields that all answers have.
    package init(headers: HeaderPolicy, find: @escaping Finder) { (self.headers, self.find) = (headers, find) }

    /// The routes, for a facade whose base is the root.
    package func routes() -> [Route<OpenSession>] {
        ["/", "/{path...}"].map { Route(.get, $0, .nothing, headers: headers, file) }
    }

    private func file(_ context: RequestContext<OpenSession>) async throws -> Answer {
        guard let path = TreePath.clean(context.path.segments.joined(separator: "/")),
            let file = try await find(path, context)
        else {
            throw HTTPError(404, .noRoute, "There is no such file")
        }
        return try file.answer(context.request.headers, isHead: context.isHead)
    }
}
