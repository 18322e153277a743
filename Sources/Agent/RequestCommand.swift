import ArgumentParser
import Basics
import Client
import Glibc
import JSON
import Logging

/// `muster-agent request`: one request to the server, for scripts on machines that have no other client.
struct RequestCommand: AsyncParsableCommand {
    /// The word that it is called by.
    static let word = "request"

    static let configuration = CommandConfiguration(
        commandName: "muster-agent request",
        abstract: "Ask the server something, as this machine.",
        discussion: """
            Prints the answer as JSON. In the scripts of a task the environment says which server and as whom. While the server \
            is away, it is asked again; the exit code is 1 when it refuses.

            Examples:
              muster-agent request GET "machines/$RS_UUID"
              muster-agent request POST "machines/$RS_UUID/params/install/disk" '"/dev/sda"'
              muster-agent request PATCH "machines/$RS_UUID" '[{"op": "add", "path": "/Meta/rack", "value": "4"}]'
            """)

    @Argument(help: "GET, HEAD, POST, PUT, PATCH or DELETE.") var method: String
    @Argument(help: "The path below /api/v3.") var path: String
    @Argument(help: "The body, which must be JSON; - for standard input.") var body: String?

    @OptionGroup var server: ServerOptions

    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    /// The largest body, in bytes.
    private static let longestBody = 16 << 20

    func run() async throws {
        Signals.ignoreBrokenPipes()
        let status = await AgentCommand.status { try await ask() }
        throw ExitCode(status)
    }

    private func ask() async throws {
        guard Self.methods.contains(bytesOf: method) else {
            throw AgentError(.usage, "`\(method)` is none of the methods \(Self.methods.joined(separator: ", "))")
        }
        let parts = path.parts(between: "/").filter { !$0.isEmpty }.map { String($0) }
        let request = APIRequest(method, parts, body: try await document())
        let connection = try server.completed().connection(AgentCommand.logger(.warning))
        let answer = await AgentCommand.outcome {
            let body = try await connection.send(request).body
            // The answer is what the command is for; scripts read it.
            if !body.isEmpty { print(String(decoding: body, as: UTF8.self)) }
        }
        await connection.close()
        try answer.get()
    }

    private func document() async throws(AgentError) -> JSONValue? {
        guard let body else { return nil }
        let text = body == "-" ? await BlockingPool.shared.run { Self.standardInput() } : Array(body.utf8)
        guard text.count <= Self.longestBody else {
            throw AgentError(.usage, "the body has more than \(Self.longestBody) bytes")
        }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw AgentError(.usage, "the body is no JSON: \(error)")
        }
    }

    /// What standard input has, up to somewhat more than the largest body.
    private static func standardInput() -> [UInt8] {
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 64 << 10))
        while bytes.count <= longestBody {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
