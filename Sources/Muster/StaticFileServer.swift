import HTTPServing
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
        let files = FileRoutes(folder: root.string, headers: .plain, logger: logger)
        try await port.server(files.routes(), logger).run()
    }
}
