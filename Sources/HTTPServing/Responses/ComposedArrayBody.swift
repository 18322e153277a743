import Basics
import Hummingbird
package import JSON
import NIOCore

/// A JSON array of documents that are made of objects while they are sent, so that a list of any length takes little memory.
///
/// What fits into one part is made at once and has a length; of longer arrays nobody knows it before the end.
package struct ComposedArrayBody<Item: Sendable, Failure: Error>: Sendable {
    private let items: [Item]
    private let compose: @Sendable (Item) throws(Failure) -> JSONDocument

    /// An array of what `compose` makes of each item.
    package init(_ items: [Item], _ compose: @escaping @Sendable (Item) throws(Failure) -> JSONDocument) {
        (self.items, self.compose) = (items, compose)
    }

    /// The array as an answer's body.
    ///
    /// - Throws: what `compose` throws while there is time to tell the client; later that breaks the connection.
    package func body() throws(Failure) -> Answer.Body {
        let (first, next) = try part(from: 0)
        guard next < items.count else { return .bytes(first) }
        let parts = ResponseBody { [self] writer in
            try await writer.write(first)
            var start = next
            while start < items.count {
                let (bytes, next) = try await CooperativePool.run { [start] in try part(from: start) }
                try await writer.write(bytes)
                start = next
            }
            try await writer.finish(nil)
        }
        return .parts(parts)
    }

    /// The part that begins with an item, with the brackets that belong to it, and where the next one begins.
    private func part(from start: Int) throws(Failure) -> (bytes: ByteBuffer, next: Int) {
        var bytes = ByteBuffer()
        var index = start
        if start == 0 { bytes.writeStaticString("[") }
        while index < items.count, bytes.readableBytes < Answer.Body.longestPart {
            if index > 0 { bytes.writeStaticString(",") }
            try compose(items[index]).withUnsafeBytes { _ = bytes.writeBytes($0) }
            index += 1
        }
        if index == items.count { bytes.writeStaticString("]") }
        return (bytes, index)
    }
}
