/// The parser of a stream of server-sent events (HTML Living Standard, 9.2.6): bytes go in, events come out.
struct ServerSentEvents {
    /// One event of the stream.
    struct Event: Equatable {
        /// The kind; empty for what most events are.
        var name = ""
        /// The id, which stands for the place in the stream; empty if the event has none.
        var id = ""
        /// The data, lines joined by line ends.
        var data = ""
    }

    /// The longest line, in bytes.
    static let longestLine = 16 << 20

    private var line: [UInt8] = []
    private var event = Event()
    private var hasData = false
    private var endedByReturn = false

    /// The events that end in these bytes.
    ///
    /// - Throws: `ClientError` of kind `malformed` for a line that does not end.
    mutating func events(in part: [UInt8]) throws(ClientError) -> [Event] {
        var events: [Event] = []
        for byte in part {
            let isLineFeed = byte == UInt8(ascii: "\n")
            if isLineFeed, endedByReturn {
                endedByReturn = false
                continue
            }
            endedByReturn = byte == UInt8(ascii: "\r")
            guard isLineFeed || endedByReturn else {
                line.append(byte)
                if line.count > Self.longestLine {
                    throw ClientError(.malformed, "an event of the stream has more than \(Self.longestLine) bytes")
                }
                continue
            }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.isEmpty {
            defer { (event, hasData) = (Event(), false) }
            return hasData || !event.id.isEmpty ? event : nil
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            event.data += (hasData ? "\n" : "") + text
            hasData = true
        case "id": event.id = text
        case "event": event.name = text
        default: break
        }
        return nil
    }
}
