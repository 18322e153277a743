import Hummingbird
import JSON
import NIOCore
import Tracker

/// A JSON array of documents that are made of objects while they are sent, so that a list of any length takes little memory.
///
/// What fits into one part is made at once and has a length; of longer arrays nobody knows it before the end.
struct ComposedArrayBody: Sendable {
    private let objects: [StoredObject]
    private let compose: @Sendable (StoredObject) throws(TrackerError) -> JSONDocument

    /// An array of what `compose` makes of each object.
    init(_ objects: [StoredObject], _ compose: @escaping @Sendable (StoredObject) throws(TrackerError) -> JSONDocument)
    {
        (self.objects, self.compose) = (objects, compose)
    }

    /// The array as an answer's body.
    ///
    /// - Throws: what `compose` throws while there is time to tell the client; later that breaks the connection.
    func body() throws(TrackerError) -> Answer.Body {
        let (first, next) = try part(from: 0)
        guard next < objects.count else { return .bytes(first) }
        let parts = ResponseBody { [self] writer in
            try await writer.write(first)
            var start = next
            while start < objects.count {
                let (bytes, next) = try await BlockingPool.run { [start] in try part(from: start) }
                try await writer.write(bytes)
                start = next
            }
            try await writer.finish(nil)
        }
        return .parts(parts)
    }

    /// The part that begins with an object, with the brackets that belong to it, and where the next one begins.
    private func part(from start: Int) throws(TrackerError) -> (bytes: ByteBuffer, next: Int) {
        var bytes = ByteBuffer()
        var index = start
        if start == 0 { bytes.writeStaticString("[") }
        while index < objects.count, bytes.readableBytes < Answer.Body.longestPart {
            if index > 0 { bytes.writeStaticString(",") }
            try compose(objects[index]).withJSONBytes { _ = bytes.writeBytes($0) }
            index += 1
        }
        if index == objects.count { bytes.writeStaticString("]") }
        return (bytes, index)
    }
}
