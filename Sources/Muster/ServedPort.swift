import HTTPServing
import Logging
import ProvisionAPI

/// A port beside the API's, open to all: where it listens, and within which limits.
struct ServedPort {
    /// What the log calls it.
    let name: String
    let host: String
    let number: Int
    let mostConnections: Int
    let connections: ConnectionRegistry
    let timeouts: Timeouts

    /// A server of `routes` at the port, in plain HTTP. What is asked of it is neither counted nor logged.
    func server(_ routes: [Route<OpenSession>], _ logger: Logger) -> HTTPServer {
        var terms = ServingTerms(logger: logger)
        (terms.connections, terms.timeouts, terms.bodyLimit) = (connections, timeouts, 0)
        let facade = Facade<OpenSession>(
            routes: routes, authentication: .open, headers: .plain, isLogged: false,
            errors: { error, request, _ in
                if request == nil, let refusal = error as? HTTPError { return APIError.answer(toHead: refusal) }
                return .plain(error)
            })
        var listener = Listener(
            name: name, host: host, port: number, facades: [RequestPipeline(facade, terms)])
        listener.mostConnections = mostConnections
        return HTTPServer(listener, terms)
    }
}
