import Basics
import Crypto
import HTTPServing
import HTTPTypes
import Logging
import NIOCore
import NetServices
import Provisioning
import ServiceLifecycle
import Tracker

/// Serves the tree that machines boot from over HTTP, to all (C §1, §17.3).
struct StaticFileServer: Service {
    let tree: FileTree
    let place: ServerPlace
    let port: ServedPort
    let service: ServiceStates.Service
    let states: ServiceStates
    let logger: Logger

    /// Serves until the surrounding service group shuts down; does without if the port is taken.
    func run() async throws {
        let files = FileRoutes(headers: .plain) { path, context in try await find(path, context) }
        do {
            try await port.server(files.routes(), logger, onRunning: { _ in states[service] = .serving }).run()
        } catch {
            let cause = "port \(port.number) cannot be listened on: \(error)"
            states[service] = .failed(cause)
            logger.error(
                "a service cannot be started", metadata: ["service": "\(service.rawValue)", "cause": "\(cause)"])
            try await gracefulShutdown()
        }
    }

    private func find(_ path: String, _ context: RequestContext<OpenSession>) async throws -> ServedFile? {
        let local = context.channel.localAddress?.ipAddress.flatMap { IPAddress($0) }
        guard let location = place.location(cameTo: local) else { return nil }
        do throws(RenderError) {
            switch try await tree.node(at: path, for: location) {
            case .stored(let file): return ServedFile(file)
            case .arriving(let file):
                return ServedFile(file.file, size: file.size, named: path) { try await file.arrival(of: $0) }
            case .rendered(let bytes):
                logger.debug("a file is rendered", metadata: ["path": "\(path)", "bytes": "\(bytes.count)"])
                return Self.served(bytes, named: path)
            case nil: return nil
            }
        } catch {
            logger.warning("a file cannot be rendered", metadata: ["path": "\(path)", "cause": "\(error)"])
            throw HTTPError(500, .noRoute, error.description)
        }
    }

    private static func served(_ bytes: [UInt8], named path: String) -> ServedFile {
        let digest = Hexadecimal.encode(SHA256.hash(data: bytes).prefix(16))
        return ServedFile(named: path, size: bytes.count, etag: "\"\(digest)\"", headers: [.cacheControl: "no-cache"]) {
            .array(Array(bytes[$0]))
        }
    }
}
