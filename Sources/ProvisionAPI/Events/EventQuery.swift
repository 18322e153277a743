import Basics
import HTTPServing
import HTTPTypes
import Tracker

/// What `GET /events` asks for.
struct EventQuery: Sendable {
    /// The most events of an answer, unless one commit has more.
    static let standardLimit = 1000
    /// The most filters.
    static let filterLimit = 100

    let start: EventStart
    let filters: [EventFilter]
    let conditions: EventConditions?
    /// How long to wait for something to tell.
    let wait: Duration
    let limit: Int

    /// The query of a call: arguments, and for streams that are taken up again `Last-Event-ID`.
    ///
    /// - Throws: `APIError` of status 400 or 406.
    init(_ call: RequestContext) throws {
        let query = call.query
        let last = call.request.headers[.lastEventID] ?? ""
        do throws(EventError) {
            start = try EventStart(last.isEmpty ? query["since"] ?? "" : last)
            filters = try Self.filters(query)
        } catch {
            throw call.badRequest(of: "events", "\(error)")
        }
        let conditions = query.values(of: "where")
        self.conditions = conditions.isEmpty ? nil : try EventConditions(conditions, call.tracker.catalog)
        wait = min(try Self.duration(query["wait"] ?? "", call), LongPoll.longestWait)
        limit = try Self.count(query["limit"] ?? "", call)
    }

    private static func filters(_ query: QueryArguments) throws(EventError) -> [EventFilter] {
        let texts = query.values(of: "filter")
        guard texts.count <= filterLimit else {
            throw .malformedFilter(texts[filterLimit], "there are more than \(filterLimit): join them by commas")
        }
        var filters: [EventFilter] = []
        for text in texts.isEmpty ? ["*.*.*"] : texts { filters.append(try EventFilter(text)) }
        return filters
    }

    private static func duration(_ text: String, _ call: RequestContext) throws(APIError) -> Duration {
        if text.isEmpty { return .zero }
        guard let duration = Duration(musterText: text, defaultUnit: .seconds) else {
            throw call.badRequest(of: "events", "`\(text)` is no duration: write a number with a unit such as 30s")
        }
        return duration
    }

    private static func count(_ text: String, _ call: RequestContext) throws(APIError) -> Int {
        if text.isEmpty { return standardLimit }
        guard let count = Int(text), count > 0 else {
            throw call.badRequest(of: "events", "limit must be a whole number above zero, not `\(text)`")
        }
        return count
    }
}
