import AsyncHTTPClient
public import Basics
import Crypto
import Glibc
import NIOCore
import NIOHTTP1
import Synchronization

/// Files of package repositories elsewhere: fetched when somebody asks for them here, and kept within a bound (C §17.3).
public final class Lookaside: Sendable {
    private struct State: Sendable {
        /// Downloads that are going on, by URL: who asks meanwhile waits for the same.
        var running: [Identifier: Task<String?, Never>] = [:]
    }

    private let folder: String
    private let most: Int
    private let largest: Int
    private let state = Mutex(State())

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

    /// The file at a URL; nil if it cannot be had.
    public func file(at url: String) async -> StoredFile? {
        let path = "\(folder)/\(Self.name(of: url))"
        if let kept = await BlockingPool.shared.run({ StoredFile(path) }) { return kept }
        let key = Identifier(url)
        let task = state.withLock { state in
            if let running = state.running[key] { return running }
            let started = Task { await fetch(url, to: path) }
            state.running[key] = started
            return started
        }
        let found = await task.value
        state.withLock { $0.running[key] = nil }
        guard let found else { return nil }
        return await BlockingPool.shared.run { StoredFile(found) }
    }

    /// The name of a file in the cache: no two URLs have the same, and none leads anywhere.
    private static func name(of url: String) -> String {
        let escaped = PercentEncoding.encode(url.utf8, keeping: PercentEncoding.isUnreserved)
        guard escaped.utf8.count > 200 else { return escaped }
        return "\(escaped.suffix(160))-\(Hexadecimal.encode(SHA256.hash(data: Array(url.utf8)).prefix(16)))"
    }

    /// - Returns: where the file is; nil if it cannot be had.
    private func fetch(_ url: String, to path: String) async -> String? {
        do {
            let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: Self.patience)
            guard response.status == .ok else { return nil }
            let announced = response.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            guard announced <= largest else { return nil }
            let folder = folder
            let upload = try await BlockingPool.shared.run { () throws(BlobFolder.Failure) in
                try BlobFolder(folder).upload(String(path.dropFirst(folder.utf8.count + 1)))
            }
            for try await part in response.body {
                guard upload.size + part.readableBytes <= largest else { return nil }
                try await BlockingPool.shared.run { () throws(BlobFolder.Failure) in
                    var failure: BlobFolder.Failure?
                    part.withUnsafeReadableBytes { memory in
                        do throws(BlobFolder.Failure) { try upload.write(memory) } catch { failure = error }
                    }
                    if let failure { throw failure }
                }
            }
            return await BlockingPool.shared.run { [most] in
                guard (try? upload.finish()) != nil else { return nil }
                Self.makeRoom(in: folder, most)
                return path
            }
        } catch {
            return nil
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
