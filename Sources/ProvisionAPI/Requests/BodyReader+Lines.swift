import HTTPServing
import Hummingbird
import JSON
import NIOCore

extension BodyReader {
    /// How many times longer than others a body of lines may be.
    private static let lineAllowance = 16

    /// Reads a body of one JSON value a line, and gives each away as it comes; nothing but the line is held.
    ///
    /// - Throws: `APIError` of status 413 when a line is longer than the limit or the whole much longer, 400 when one is no JSON; what `take` throws.
    func readLines(_ request: ServerRequest, _ take: (JSONValue) throws -> Void) async throws {
        var rest: [UInt8] = []
        var number = 0
        var total = 0
        for try await part in request.body {
            total += part.readableBytes
            guard total <= Self.lineAllowance * limit else { throw tooLong(request, "more") }
            for piece in part.readableBytesView.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .enumerated()
            {
                if piece.offset > 0 {
                    try takeLine(rest, &number, request, take)
                    rest.removeAll(keepingCapacity: true)
                }
                rest.append(contentsOf: piece.element)
                guard rest.count <= limit else { throw Self.tooLong(line: number, limit, request) }
            }
        }
        try takeLine(rest, &number, request, take)
    }

    private func takeLine(
        _ line: [UInt8], _ number: inout Int, _ request: ServerRequest, _ take: (JSONValue) throws -> Void
    ) throws {
        guard line.contains(where: { $0 > UInt8(ascii: " ") }) else { return }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            throw APIError.badRequest(request.method, of: "changes", "change \(number): \(error)")
        }
        try take(value)
        number += 1
    }

    private static func tooLong(line: Int, _ limit: Int, _ request: ServerRequest) -> APIError {
        APIError(413, APIError.type(of: request.method), "change \(line) is longer than \(limit) bytes")
    }
}
