public import JSON

extension MusterClient {
    /// The rows of a list, page by page and all of one revision, whatever others write meanwhile.
    ///
    /// - Parameters:
    ///   - type: the type's name in URLs.
    ///   - query: filters and other arguments of the list (contract §7.2); `limit` and `offset` are taken as they are meant
    ///     for the whole.
    ///   - pageSize: how many rows a request asks for.
    ///   - take: is given the rows of a page, of which nothing is decoded that it does not ask for.
    /// - Throws: `ClientError`, and what `take` throws.
    public func forEachPage(
        of type: String, _ query: [(name: String, value: String)] = [], pageSize: Int = 1000,
        _ take: (_ rows: [JSONSlice]) async throws(ClientError) -> Void
    ) async throws(ClientError) {
        let limit = query.first { $0.name == "limit" }.flatMap { Int($0.value) }
        let start = query.first { $0.name == "offset" }.flatMap { Int($0.value) } ?? 0
        var shared = query.filter { $0.name != "limit" && $0.name != "offset" }
        // What fits a page needs no revision to hold pages together.
        if limit ?? .max > pageSize, !shared.contains(where: { $0.name == "revision" || $0.name == "at" }) {
            shared.append(("revision", String(try await revision())))
        }
        // While the rows of a page are taken, the server makes the next one.
        var (taken, next) = (0, PendingAnswer?.none)
        while true {
            // A negative limit is the server's to refuse.
            let count = limit.map { $0 < 0 ? $0 : min(pageSize, $0 - taken) } ?? pageSize
            if count == 0 { return }
            func page(after skipped: Int, _ count: Int) -> PendingAnswer {
                let query = shared + [("limit", String(count)), ("offset", String(start + skipped))]
                return PendingAnswer(APIRequest("GET", [type], query: query), self)
            }
            let answer = try await (next ?? page(after: taken, count)).answer()
            let rest = limit.map { min(pageSize, $0 - taken - count) } ?? pageSize
            next = count == pageSize && rest > 0 ? page(after: taken + count, rest) : nil
            let list = try answer.document().root
            guard list.kind == .array else { throw ClientError(.malformed, "the list of \(type) is no JSON array") }
            let rows = Array(list.elements)
            try await take(rows)
            taken += rows.count
            if rows.count < count { return }
        }
    }

    /// Sends requests, some at once, and gives the answers in their order.
    ///
    /// - Parameters:
    ///   - requests: which do not depend on one another.
    ///   - width: how many are on their way at the most.
    ///   - take: is given each answer.
    /// - Throws: `ClientError` of the first that fails, and what `take` throws.
    public func forEachAnswer(
        to requests: [APIRequest], atOnce width: Int = 4, _ take: (_ answer: APIResponse) throws(ClientError) -> Void
    ) async throws(ClientError) {
        var (waiting, rest) = ([PendingAnswer](), requests[...])
        while true {
            while waiting.count < width, let request = rest.popFirst() { waiting.append(PendingAnswer(request, self)) }
            guard !waiting.isEmpty else { return }
            try take(try await waiting.removeFirst().answer())
        }
    }

    /// How many rows a list has (contract §2.2).
    ///
    /// - Throws: `ClientError`.
    public func count(of type: String, _ query: [(name: String, value: String)] = []) async throws(ClientError) -> Int {
        let answer = try await send(APIRequest("HEAD", [type], query: query))
        guard let count = answer.header("x-drp-list-filter-count").flatMap({ Int($0) }) else {
            throw ClientError(.malformed, "the answer to HEAD \(type) has no X-Drp-List-Filter-Count")
        }
        return count
    }

    /// The newest revision of the server's data.
    ///
    /// - Throws: `ClientError`.
    public func revision() async throws(ClientError) -> UInt64 {
        let answer = try await send(APIRequest("GET", ["events", "cursor"])).json()
        guard let revision = answer["revision"]?.intValue.flatMap({ UInt64(exactly: $0) }) else {
            throw ClientError(.malformed, "the answer to GET events/cursor has no revision")
        }
        return revision
    }

    /// The place in the stream of events that comes after everything so far.
    ///
    /// - Throws: `ClientError`.
    public func cursor() async throws(ClientError) -> String {
        let answer = try await send(APIRequest("GET", ["events", "cursor"])).json()
        guard let cursor = answer["cursor"]?.stringValue else {
            throw ClientError(.malformed, "the answer to GET events/cursor has no cursor")
        }
        return cursor
    }
}
