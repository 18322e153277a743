import AsyncHTTPClient
public import Basics
import Crypto
import Glibc
import NIOCore
import NIOHTTP1
import Synchronization

/// Files of package repositories elsewhere: fetched when somebody asks for them here, and kept within a bound (C §17.3).
public final class Lookaside: Sendable {
    /// A file of a repository.
    public enum Found: Sendable {
        /// It was fetched before.
        case kept(StoredFile)
        /// It is on its way.
        case arriving(ArrivingFile)
    }

    private let folder: String
    private let most: Int
    private let largest: Int
    /// Downloads that are going on, by URL: who asks meanwhile reads along.
    private let running = Mutex<[Identifier: Task<Found?, Never>]>([:])

    /// How long a repository may take to answer, and how long it may send nothing.
    private static let patience = TimeAmount.seconds(30)

    /// A cache in a folder, which is made when it is needed.
    ///
    /// - Parameters:
    ///   - most: how many bytes are kept; what was fetched longest ago goes first.
    ///   - largest: the largest file that is fetched, in bytes.
    public init(_ folder: String, most: Int = 8 << 30, largest: Int = 4 << 30) {
        (self.folder, self.most, self.largest) = (folder, most, largest)
    }

    /// The file at a URL; nil if it cannot be had. One whose size is announced can be read while it is fetched.
    public func file(at url: String) async -> Found? {
        let path = "\(folder)/\(Self.name(of: url))"
        if let kept = await BlockingPool.shared.run({ StoredFile(path) }) { return .kept(kept) }
        let task = running.withLock { running in
            if let task = running[Identifier(url)] { return task }
            let task = Task { await begin(url, to: path) }
            running[Identifier(url)] = task
            return task
        }
        return await task.value
    }

    /// The name of a file in the cache: no two URLs have the same, and none leads anywhere.
    private static func name(of url: String) -> String {
        let escaped = PercentEncoding.encode(url.utf8, keeping: PercentEncoding.isUnreserved)
        guard escaped.utf8.count > 200 else { return escaped }
        return "\(escaped.suffix(160))-\(Hexadecimal.encode(SHA256.hash(data: Array(url.utf8)).prefix(16)))"
    }

    private func begin(_ url: String, to path: String) async -> Found? {
        guard let download = try? await open(url, to: path) else {
            forget(url)
            return nil
        }
        if let arriving = download.arriving {
            // Readers come and go; the download goes on for those who ask later.
            Task {
                await receive(download)
                forget(url)
            }
            return .arriving(arriving)
        }
        await receive(download)
        forget(url)
        return await BlockingPool.shared.run { StoredFile(path) }.map { .kept($0) }
    }

    private func forget(_ url: String) { running.withLock { $0[Identifier(url)] = nil } }

    /// A download whose head has come.
    private struct Download {
        let body: HTTPClientResponse.Body
        let upload: BlobUpload
        /// What readers hold meanwhile; nil if the size was not announced.
        let arriving: ArrivingFile?
    }

    /// - Returns: nil if there is no such file, or it is too large.
    private func open(_ url: String, to path: String) async throws -> Download? {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: Self.patience)
        guard response.status == .ok else { return nil }
        let announced = response.headers.first(name: "content-length").flatMap { Int($0) }
        guard (announced ?? 0) <= largest else { return nil }
        let (upload, draft) = try await BlockingPool.shared.run { [folder] () throws(BlobFolder.Failure) in
            let upload = try BlobFolder(folder).upload(String(path.dropFirst(folder.utf8.count + 1)))
            return (upload, upload.readable())
        }
        let arriving = announced.flatMap { size in draft.map { ArrivingFile($0, size: size, from: url) } }
        return Download(body: response.body, upload: upload, arriving: arriving)
    }

    /// Takes the bytes of a download, and has them in their place when they are whole.
    private func receive(_ download: Download) async {
        let upload = download.upload
        defer { download.arriving?.end() }
        do {
            for try await part in download.body {
                guard upload.size + part.readableBytes <= largest else { return }
                try await BlockingPool.shared.run { () throws(BlobFolder.Failure) in
                    var failure: BlobFolder.Failure?
                    part.withUnsafeReadableBytes { memory in
                        do throws(BlobFolder.Failure) { try upload.write(memory) } catch { failure = error }
                    }
                    if let failure { throw failure }
                }
                download.arriving?.note(upload.size)
            }
        } catch {
            return
        }
        await BlockingPool.shared.run { [folder, most] in
            if (try? upload.finish()) != nil { Self.makeRoom(in: folder, most) }
        }
    }

    /// Takes away what was fetched longest ago, until the rest is within the bound.
    private static func makeRoom(in folder: String, _ most: Int) {
        let names = (try? BlobFolder(folder).names(in: "", all: false)) ?? []
        var files = names.compactMap { StoredFile("\(folder)/\($0)") }.sorted { $0.modified < $1.modified }
        var total = files.reduce(0) { $0 + $1.size }
        while total > most, files.count > 1 {
            let oldest = files.removeFirst()
            unlink(oldest.path)
            total -= oldest.size
        }
    }
}
