import Basics
import JSON

/// A place in the stream of events: after everything up to a revision. Clients keep its text and give it back.
public struct EventCursor: Sendable, Hashable, CustomStringConvertible {
    /// The mark of the opening that wrote the revision; to a store without it the cursor means nothing.
    public let epoch: String
    /// The newest commit that the client knows.
    public let revision: Revision

    /// The place after `revision`, which an opening with the mark `epoch` wrote.
    public init(epoch: String, revision: Revision) {
        self.epoch = epoch
        self.revision = revision
    }

    /// The text that clients keep: opaque to them, and safe in URLs and headers.
    public var description: String { "\(epoch)~\(String(revision.number, radix: 36))" }

    /// The longest text that can be a cursor, in bytes.
    static let longestText = 100

    /// The cursor that `text` spells, or nil if it spells none.
    public init?(_ text: String) {
        guard text.utf8.count <= Self.longestText else { return nil }
        let parts = text.parts(between: "~")
        guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(Self.isOfEpoch) else { return nil }
        // Only the spelling that we give out: no sign, no capitals, no zeros in front.
        guard let number = UInt64(parts[1], radix: 36), String(number, radix: 36).hasSameUTF8(as: parts[1]) else {
            return nil
        }
        self.init(epoch: String(parts[0]), revision: Revision(number))
    }

    private static func isOfEpoch(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

/// Where a client wants to begin.
public enum EventStart: Sendable, Hashable {
    /// With what comes from now on.
    case now
    /// With the oldest that is kept.
    case oldest
    /// After the place that the client knows.
    case after(EventCursor)

    /// What a client's text means: empty for now, `0` for the oldest, or else a cursor.
    ///
    /// - Throws: `malformedCursor`.
    public init(_ text: String) throws(EventError) {
        switch text {
        case "": self = .now
        case "0": self = .oldest
        default:
            guard let cursor = EventCursor(text) else { throw .malformedCursor(text) }
            self = .after(cursor)
        }
    }
}
