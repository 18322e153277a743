import Access
import Basics
import HTTPServing
import HTTPTypes
import Hummingbird
import JSON
import NetServices
import Provisioning
import Tracker

/// Files and ISO images that clients upload (C §17.1).
struct BlobHandlers {
    let kind: BlobServices.Kind

    static var routes: [Route] {
        BlobServices.Kind.allCases.flatMap { BlobHandlers(kind: $0).routes } + [
            Route(
                .delete, "/bootenvs/{key}/purgeLocal", .claim(scope: "bootenvs", action: "update"), body: .optionalJSON,
                purge)
        ]
    }

    private var routes: [Route] {
        let (scope, one) = (kind.rawValue, "/\(kind.rawValue)/{key...}")
        return [
            Route(.get, "/\(scope)", .list(scope: scope), list),
            Route(.get, one, .claim(scope: scope, action: "get"), get),
            Route(.post, one, .claim(scope: scope, action: "post"), body: .streamed, upload),
            Route(.delete, one, .claim(scope: scope, action: "delete"), remove),
        ]
    }

    private func list(_ call: RequestContext) async throws -> Answer {
        let (folder, all) = (call.services.blobs.folder(kind), call.query.isSet("all"))
        let path = call.query["path"] ?? ""
        let below = path.utf8.allSatisfy { $0 == UInt8(ascii: "/") } ? "" : TreePath.clean(path)
        guard call.mayList else { return .json([]) }
        do throws(BlobFolder.Failure) {
            guard let below else { throw .notFound }
            return .json(
                JSONValue(
                    try await BlockingPool.shared.run { () throws(BlobFolder.Failure) in
                        try folder.names(in: below, all: all)
                    }))
        } catch {
            throw APIError(404, "GET", of: kind.rawValue, key: path, "Not Found")
        }
    }

    private func get(_ call: RequestContext) async throws -> Answer {
        let (folder, checksums) = (call.services.blobs.folder(kind), call.services.blobs.checksums)
        let found = try await BlockingPool.shared.run { [path = path(call)] () throws(StoredFileError) in
            guard let file = path.flatMap({ folder.file($0) }) else { return nil as (StoredFile, String)? }
            return (file, try checksums.sum(of: file))
        }
        guard let (file, sum) = found else {
            throw APIError(404, "GET", of: kind.rawValue, key: shown(call), "Not a regular file")
        }
        var headers: HTTPFields = [.contentType: "application/octet-stream"]
        if let name = HTTPField.Name("X-DRP-SHA256SUM") { headers[name] = sum }
        let served = ServedFile(file, etag: "\"SHA256:\(sum)\"", headers: headers)
        return try served.answer(call.request.headers, isHead: call.isHead)
    }

    private func upload(_ call: RequestContext) async throws -> Answer {
        let (blobs, key) = (call.services.blobs, shown(call))
        guard let path = path(call), !path.parts(between: "/").contains(where: { $0.hasBytePrefix(".upload-") }) else {
            throw call.badRequest(of: kind.rawValue, key: key, "A path below \(kind.rawValue) is wanted")
        }
        let folder = blobs.folder(kind)
        let upload = FileUpload(model: kind.rawValue, key: key, limit: call.services.configuration.uploadLimit)
        let (size, sum) = try await upload.receive(call, into: folder, path)
        await BlockingPool.shared.run { if let file = folder.file(path) { blobs.checksums.note(sum, of: file) } }
        if call.query.isSet("explode") {
            let target = path.parts(between: "/").dropLast().joined(separator: "/")
            if let problem = await explode("\(folder.root)/\(path)", to: "\(folder.root)/\(target)") {
                throw APIError(422, "POST", of: kind.rawValue, key: key, "\(path) cannot be unpacked: \(problem)")
            }
        }
        await blobs.changed(kind, path, "create", by: call.principal?.displayed ?? "")
        return .json(
            ["Path": .string(kind == .files ? "/\(path)" : path), "Size": JSONValue(size)], status: .created)
    }

    /// Unpacks an archive into the folder that it is in, beside what is there.
    private func explode(_ archive: String, to folder: String) async -> String? {
        await BlockingPool.shared.run { ArchiveUnpacker.add(archive, to: folder) }
    }

    private func remove(_ call: RequestContext) async throws -> Answer {
        let (folder, key) = (call.services.blobs.folder(kind), shown(call))
        do throws(BlobFolder.Failure) {
            guard let path = path(call) else { throw .notFound }
            try await BlockingPool.shared.run { () throws(BlobFolder.Failure) in try folder.remove(path) }
            await call.services.blobs.changed(kind, path, "delete", by: call.principal?.displayed ?? "")
        } catch {
            throw APIError(404, "DELETE", of: kind.rawValue, key: key, "Unable to delete")
        }
        return .noContent
    }

    /// Takes away what was unpacked of a bootenv's images, or unpacks it anew.
    private static func purge(_ call: RequestContext) async throws -> Answer {
        let bootEnv = try call.object("bootenvs")
        let blobs = call.services.blobs
        let architectures = (call.json.arrayValue ?? []).compactMap(\.stringValue)
        let isAgain = call.query.isSet("reexplodeIsos")
        for image in BootImage.all(of: bootEnv, architectures: architectures) {
            if isAgain {
                blobs.unpack(image)
            } else if await !blobs.purge(image) {
                let message = "Too many images wait to be unpacked or taken away: ask for it again later"
                throw APIError(503, APIError.type(of: call.method), of: "bootenvs", key: call["key"], message)
            }
        }
        if !isAgain { await blobs.recheckBootEnvs("bootenvs/\(bootEnv.key): local files taken away") }
        return .noContent
    }

    private func path(_ call: RequestContext) -> String? { TreePath.clean(call["key"]) }

    /// The path as refusals have it.
    private func shown(_ call: RequestContext) -> String { "/\(call["key"])" }
}
