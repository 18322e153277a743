import Basics
import HTTPServing
import HTTPTypes
import HummingbirdCore
import NIOCore
import NetServices

/// A request's body on its way to a file.
struct FileUpload {
    /// What the file is, and under which key, for refusals.
    let model, key: String
    /// The most bytes that it may have.
    let limit: Int

    /// How many bytes are written at once.
    private static let portion = 1 << 20

    /// Streams the body of a call to disk.
    ///
    /// - Parameters:
    ///   - folder: the folder that the file goes to.
    ///   - path: its path below.
    /// - Returns: how many bytes it has, and their SHA-256 in hexadecimal.
    /// - Throws: `APIError` if it is too large, there is no room, or it cannot be there.
    func receive(
        _ call: RequestContext, into folder: BlobFolder, _ path: String
    ) async throws -> (size: Int, sum: String) {
        if let announced = call.request.headers[.contentLength].flatMap({ Int($0) }), announced > limit {
            throw tooLarge
        }
        do {
            return try await stream(call, folder, path)
        } catch let failure as BlobFolder.Failure {
            throw refusal(failure)
        }
    }

    private func stream(
        _ call: RequestContext, _ folder: BlobFolder, _ path: String
    ) async throws -> (size: Int, sum: String) {
        let upload = try await BlockingPool.shared.run { () throws(BlobFolder.Failure) in try folder.upload(path) }
        var pending = ByteBuffer()
        for try await var part in call.stream {
            guard upload.size + pending.readableBytes + part.readableBytes <= limit else { throw tooLarge }
            pending.writeBuffer(&part)
            if pending.readableBytes >= Self.portion { try await Self.write(&pending, to: upload) }
        }
        try await Self.write(&pending, to: upload)
        let sum = try await BlockingPool.shared.run { () throws(BlobFolder.Failure) in try upload.finish() }
        return (upload.size, sum)
    }

    private static func write(_ pending: inout ByteBuffer, to upload: BlobUpload) async throws {
        let bytes = pending
        pending = ByteBuffer()
        try await BlockingPool.shared.run { () throws(BlobFolder.Failure) in
            var failure: BlobFolder.Failure?
            bytes.withUnsafeReadableBytes { memory in
                do throws(BlobFolder.Failure) { try upload.write(memory) } catch { failure = error }
            }
            if let failure { throw failure }
        }
    }

    private var tooLarge: APIError {
        APIError(
            413, "POST", of: model, key: key,
            "It has more than \(limit) bytes, which is what this server takes: start it with a larger --max-upload")
    }

    private func refusal(_ failure: BlobFolder.Failure) -> APIError {
        switch failure {
        case .full: APIError(507, "POST", of: model, key: key, "The disk of the server is full")
        case .notFound: APIError(404, "POST", of: model, key: key, "Not Found")
        case .refused(let reason): APIError(409, "POST", of: model, key: key, reason)
        }
    }
}
