import Basics
import Glibc
package import HTTPTypes
import Hummingbird
import NIOCore

/// Something with bytes of which a client may ask for a part, and which it may know already.
package struct ServedFile: Sendable {
    /// How many bytes there are.
    package let size: Int
    /// What tells these bytes from others, in quotes.
    package let etag: String
    /// When they came to be, in seconds since 1970; nil if that says nothing.
    package let modified: Int?
    /// What they are; nil if nobody knows.
    package let mediaType: String?
    /// Further fields of the answer.
    package var headers: HTTPFields
    private let body: @Sendable (Range<Int>) throws -> Answer.Body

    /// A file.
    ///
    /// - Parameters:
    ///   - name: tells by its ending what it is.
    ///   - body: the bytes of a range.
    package init(
        named name: String, size: Int, etag: String, modified: Int? = nil, headers: HTTPFields = [:],
        body: @escaping @Sendable (Range<Int>) throws -> Answer.Body
    ) {
        (self.size, self.etag, self.modified, self.body, self.headers) = (size, etag, modified, body, headers)
        mediaType = name.utf8.lastIndex(of: UInt8(ascii: ".")).flatMap { point in
            MediaType.getMediaType(forExtension: .init(String(name[point...].dropFirst())))?.description
        }
    }

    /// The answer to a request (RFC 9110 §13.2.2, §14.2).
    ///
    /// - Throws: why the bytes cannot be read.
    package func answer(_ request: HTTPFields, isHead: Bool) throws -> Answer {
        var fields = headers
        fields[.eTag] = etag
        fields[.acceptRanges] = "bytes"
        if let modified { fields[.lastModified] = HTTPDate.text(of: modified) }
        if isKnown(to: request) { return Answer(status: .notModified, headers: fields) }
        if fields[.contentType] == nil { fields[.contentType] = mediaType ?? "application/octet-stream" }
        switch isHead || !isSame(request) ? .all : ByteRange(request[.range], of: size) {
        case .all:
            if !isHead { return Answer(status: .ok, headers: fields, body: try body(0..<size)) }
            fields[.contentLength] = String(size)
            return Answer(status: .ok, headers: fields)
        case .part(let range):
            fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            return Answer(status: .partialContent, headers: fields, body: try body(range))
        case .unsatisfiable:
            fields[.contentType] = nil
            fields[.contentRange] = "bytes */\(size)"
            return Answer(status: .rangeNotSatisfiable, headers: fields)
        }
    }

    /// Whether the client says that it has these bytes.
    private func isKnown(to request: HTTPFields) -> Bool {
        let tags = request[values: .ifNoneMatch]
        guard tags.isEmpty else {
            return tags.contains { list in
                list.parts(between: ",").contains { tag in
                    let tag = tag.trimmedSpaces
                    return tag == "*" || (tag.after("W/") ?? tag).hasSameUTF8(as: etag)
                }
            }
        }
        guard let modified, let since = request[.ifModifiedSince].flatMap(HTTPDate.second) else { return false }
        return modified <= since
    }

    /// Whether a range is wanted of these bytes, and not of others that the client knows.
    private func isSame(_ request: HTTPFields) -> Bool {
        guard let condition = request[.ifRange] else { return true }
        return condition.hasSameUTF8(as: etag)
            || modified.map { condition.hasSameUTF8(as: HTTPDate.text(of: $0)) } ?? false
    }
}
