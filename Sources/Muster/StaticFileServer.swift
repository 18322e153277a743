import Hummingbird
import Logging
import ServiceLifecycle
import SystemPackage

/// Serves `tftpboot` over plain HTTP to machines that boot (C §1).
struct StaticFileServer: Service {
    let root: FilePath
    let port: ServedPort
    let logger: Logger

    func run() async throws {
        let router = Router()
        router.add(middleware: FileMiddleware(root.string, searchForIndexHtml: false, logger: logger))
        let application = Application(
            router: router, server: port.server, configuration: port.configuration, logger: logger)
        try await application.run()
    }
}
