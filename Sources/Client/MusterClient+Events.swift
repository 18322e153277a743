public import JSON

/// What happened to an object, as watchers are told (contract §12).
public struct WatchedEvent: Sendable {
    /// The whole event: `Time Type Action Key Principal Object Original`.
    public let value: JSONValue
    /// The place after the event's commit; nil for the events of a commit but its last.
    public let cursor: String?
}

extension MusterClient {
    /// Events as they happen, until `take` says that it has enough. A connection that ends is taken up again where it ended, so
    /// nothing is missed and nothing comes twice.
    ///
    /// - Parameters:
    ///   - filters: `TYPE.ACTION.KEY`, each part `*` or a list with commas.
    ///   - conditions: conditions on fields of the object, as `Name=Re(^web)`.
    ///   - cursor: where to begin; nil for now.
    ///   - take: is given an event; returns whether to go on.
    /// - Throws: `ClientError`; of kind `refused` and status 410 when the place to begin at is forgotten.
    public func watch(
        _ filters: [String], where conditions: [String] = [], since cursor: String? = nil,
        _ take: (_ event: WatchedEvent) async throws(ClientError) -> Bool
    ) async throws(ClientError) {
        var place: String
        if let cursor { place = cursor } else { place = try await self.cursor() }
        var failures = 0
        while true {
            do throws(ClientError) {
                if try await follow(filters, conditions, &place, &failures, take) { return }
            } catch {
                failures += 1
                guard error.kind == .unreachable, failures <= settings.retries, !Task.isCancelled else { throw error }
            }
            try? await Task.sleep(for: .milliseconds(100 << min(failures, 6)))
            if Task.isCancelled { throw ClientError(.unreachable, "watching was cancelled") }
        }
    }

    /// Follows one connection to its end.
    ///
    /// - Returns: whether `take` has enough.
    private func follow(
        _ filters: [String], _ conditions: [String], _ place: inout String, _ failures: inout Int,
        _ take: (_ event: WatchedEvent) async throws(ClientError) -> Bool
    ) async throws(ClientError) -> Bool {
        var query = filters.map { (name: "filter", value: $0) } + conditions.map { (name: "where", value: $0) }
        query.append(("since", place))
        let request = APIRequest("GET", ["events"], query: query, headers: [("Accept", "text/event-stream")])
        let stream = try await stream(request)
        var parser = ServerSentEvents()
        var hasEnough = false
        var (newest, sound) = (place, failures)
        var end: ClientError?
        do throws(ClientError) {
            try await stream.forEachPart { (part) throws(ClientError) in
                for event in try parser.events(in: part) where !hasEnough {
                    sound = 0
                    if event.name.utf8.elementsEqual("error".utf8) {
                        throw ClientError(.refused, "the server ended the stream of events: \(event.data)")
                    }
                    if !event.data.isEmpty {
                        let value = try Self.value(of: event.data)
                        let told = WatchedEvent(value: value, cursor: event.id.isEmpty ? nil : event.id)
                        hasEnough = try await !take(told)
                    }
                    if !event.id.isEmpty { newest = event.id }
                }
                if hasEnough { throw ClientError(.usage, "") }
            }
        } catch {
            end = error
        }
        (place, failures) = (newest, sound)
        if hasEnough { return true }
        if let end { throw end }
        return false
    }

    private static func value(of text: String) throws(ClientError) -> JSONValue {
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw ClientError(.malformed, "an event is no JSON: \(error)")
        }
    }
}
