import ArgumentParser
import Basics
import Client
import Content
import Glibc
import JSON

/// `muster edit`.
struct EditCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Edit an object in your editor ($EDITOR).",
        discussion: """
            The object is shown as YAML. When the editor ends, the object is replaced, unless somebody else has changed it \
            meanwhile; what you wrote is kept in a file then.

            Examples:
              muster edit machine Name:web-1
              EDITOR='sed -i s/4/5/' muster edit stage base-system
            """)

    @Argument(help: "The type.") var type: String
    @Argument(help: "The key, or INDEX:VALUE.") var key: String
    @OptionGroup var writing: WriteOptions
    @OptionGroup var client: ClientOptions

    var tellsWaiting: Bool { false }

    func run(_ session: CommandSession) async throws {
        let type = try await session.client.types().type(type)
        let answer = try await session.client.send(APIRequest("GET", [type.name, key]))
        let before = try answer.json()
        let path = try await BlockingPool.shared.run { () throws(ClientError) in
            let path = try Self.temporaryFile(YAMLText.text(of: before))
            try Self.edit(path)
            return path
        }
        let after: JSONObject
        do throws(ClientError) {
            after = try await InputDocument(reading: path).object(as: ObjectShape.of(type.name))
        } catch {
            throw ClientError(error.kind, "\(error). What you wrote is in \(path)")
        }
        if .object(after) == before {
            unlink(path)
            return Console.note("nothing has changed")
        }
        var headers: [(name: String, value: String)] = []
        if let etag = answer.header("etag") { headers.append(("If-Match", etag)) }
        do throws(ClientError) {
            let write = ObjectWrite(action: .replace(after), type: type, key: key, headers: headers)
            try await session.perform(write, writing)
        } catch {
            let reason =
                error.status == 412
                ? "\(type.name)/\(key) has been changed by somebody else meanwhile: nothing is written" : "\(error)"
            throw ClientError(error.kind, "\(reason). What you wrote is in \(path)")
        }
        unlink(path)
    }

    @available(*, noasync)
    private static func temporaryFile(_ text: String) throws(ClientError) -> String {
        let folder = ClientOptions.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(folder)/muster-XXXXXX.yaml".utf8CString)
        let descriptor = mkstemps(&template, 5)
        guard descriptor >= 0 else {
            throw ClientError(.usage, "cannot make a file in \(folder): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
            throw ClientError(.usage, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        return path
    }

    /// Runs the editor by the shell, since `EDITOR` may have arguments.
    @available(*, noasync)
    private static func edit(_ path: String) throws(ClientError) {
        let environment = ClientOptions.environment
        let editor =
            [environment["VISUAL"], environment["EDITOR"]].lazy.compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
        let status = ChildProcess.run(["/bin/sh", "-c", "\(editor) \"$1\"", "sh", path])
        guard status == 0 else {
            throw ClientError(.usage, "the editor `\(editor)` failed; nothing is written. The text is in \(path)")
        }
    }
}
