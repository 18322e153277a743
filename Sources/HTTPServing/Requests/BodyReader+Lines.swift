package import Hummingbird
package import JSON
import NIOCore

extension BodyReader {
    /// How many times longer than others a body of lines may be.
    private static let lineAllowance = 16

    /// Reads a body of one JSON value a line, and gives each away as it comes; nothing but the line is held.
    ///
    /// - Parameters:
    ///   - item: what a line holds, for the errors: `change`.
    ///   - take: takes each value and the bytes of its line; what it throws ends the reading.
    /// - Throws: `HTTPError` of status 413 when a line is longer than the limit or the whole much longer, 400 when one is no
    ///   JSON; what `take` throws; `ConnectionFailure` when the body ends too early.
    package func readLines(_ body: RequestBody, of item: String, _ take: (JSONValue, [UInt8]) throws -> Void)
        async throws
    {
        var lines = Lines(item: item, limit: limit)
        var (total, refusal): (Int, (any Error)?) = (0, nil)
        do {
            for try await part in body {
                total += part.readableBytes
                if total > Self.lineAllowance * limit { throw tooLong("more") }
                refusal = Self.failure { try lines.add(part, take) }
                if refusal != nil { break }
            }
        } catch let error as HTTPError {
            throw error
        } catch {
            throw ConnectionFailure(cause: error)
        }
        if let refusal { throw refusal }
        try lines.finish(take)
    }

    /// What `body` throws; nil if nothing.
    private static func failure(_ body: () throws -> Void) -> (any Error)? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }
}

/// The lines of a body, as far as they are there.
private struct Lines {
    let item: String
    let limit: Int
    private var rest: [UInt8] = []
    private var number = 0

    init(item: String, limit: Int) { (self.item, self.limit) = (item, limit) }

    mutating func add(_ part: ByteBuffer, _ take: (JSONValue, [UInt8]) throws -> Void) throws {
        try part.withUnsafeReadableBytes { bytes in
            var open = bytes[...]
            while let end = open.firstIndex(of: UInt8(ascii: "\n")) {
                try append(open[..<end])
                try finish(take)
                rest.removeAll(keepingCapacity: true)
                open = open[(end + 1)...]
            }
            try append(open)
        }
    }

    private mutating func append(_ bytes: Slice<UnsafeRawBufferPointer>) throws(HTTPError) {
        rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes))
        guard rest.count <= limit else {
            throw HTTPError(413, .bodyTooLong, "\(item) \(number) is longer than \(limit) bytes")
        }
    }

    /// Gives the last line away, unless it is blank.
    mutating func finish(_ take: (JSONValue, [UInt8]) throws -> Void) throws {
        guard rest.contains(where: { $0 > UInt8(ascii: " ") }) else { return }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: rest)
        } catch {
            throw HTTPError(400, .malformedBody, "\(item) \(number): \(error)")
        }
        try take(value, rest)
        number += 1
    }
}
