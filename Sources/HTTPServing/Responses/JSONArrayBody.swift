import Hummingbird
package import JSON
import NIOCore

/// A JSON array of documents, their bytes copied as they are.
package struct JSONArrayBody: Sendable {
    private let documents: [JSONDocument]
    /// The length of the whole in bytes.
    package let count: Int

    package init(_ documents: [JSONDocument]) {
        self.documents = documents
        count = documents.reduce(2 + max(0, documents.count - 1)) { $0 + $1.bytes.count }
    }

    /// The array as an answer's body.
    package var body: Answer.Body {
        guard count > Answer.Body.longestPart else { return .bytes(part(documents[...])) }
        let parts = ResponseBody(contentLength: count) { [self] writer in
            var rest = documents[...]
            while !rest.isEmpty {
                let length = lengthOfPart(rest)
                try await writer.write(part(rest.prefix(length)))
                rest = rest.dropFirst(length)
            }
            try await writer.finish(nil)
        }
        return .parts(parts)
    }

    private func lengthOfPart(_ rest: ArraySlice<JSONDocument>) -> Int {
        var size = 0
        for (length, document) in rest.enumerated() {
            size += document.bytes.count + 1
            if size >= Answer.Body.longestPart { return length + 1 }
        }
        return rest.count
    }

    /// The bytes of a run of documents, with the brackets if it is at an end of the array.
    private func part(_ run: ArraySlice<JSONDocument>) -> ByteBuffer {
        var bytes = ByteBuffer()
        // Copied by hand: a call of the buffer for every piece costs as much as the copy.
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: run.reduce(2) { $0 + $1.bytes.count + 1 }) { target in
            var end = 0
            if documents.isEmpty { Self.put("[", to: target, &end) }
            run.withUnsafeBufferPointer { items in
                for index in items.indices {
                    Self.put(index == 0 && run.startIndex == documents.startIndex ? "[" : ",", to: target, &end)
                    items[index].withUnsafeBytes { document in
                        UnsafeMutableRawBufferPointer(rebasing: target[end...]).copyMemory(from: document)
                        end += document.count
                    }
                }
            }
            if run.endIndex == documents.endIndex { Self.put("]", to: target, &end) }
            return end
        }
        return bytes
    }

    private static func put(_ character: Unicode.Scalar, to target: UnsafeMutableRawBufferPointer, _ end: inout Int) {
        target[end] = UInt8(ascii: character)
        end += 1
    }
}
