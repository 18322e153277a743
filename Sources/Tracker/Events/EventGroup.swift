import Basics
import JSON
import Synchronization

/// The events of one commit, which belong together: in order, and never told in part. Or one event that is not of a commit.
public final class EventGroup: Sendable {
    /// The commit; nil for a passing event.
    public let revision: Revision?
    /// About how many bytes the events take.
    let size: Int

    private let state: Mutex<State>

    /// Most commits are watched by nobody in particular, so events are made when first asked for.
    private enum State: Sendable {
        case recorded(CommitRecord, Catalog)
        case made([Event])
    }

    /// The events of `record`.
    init(_ record: CommitRecord, _ catalog: Catalog) {
        revision = record.revision
        size = record.changes.reduce(200) { $0 + $1.size }
        state = Mutex(.recorded(record, catalog))
    }

    /// The events of the commit `revision`, or, where that is nil, a passing event.
    init(_ revision: Revision?, _ events: [Event]) {
        self.revision = revision
        size = events.reduce(0) { $0 + $1.size }
        state = Mutex(.made(events))
    }

    /// Whether one of the events is about an object of a type; that is told without making them.
    public func concerns(_ typeName: TypeName) -> Bool {
        state.withLock { state in
            switch state {
            case .made(let events): events.contains { $0.type.hasSameUTF8(as: typeName.rawValue) }
            case .recorded(let record, _): record.changes.contains { $0.id.typeName == typeName }
            }
        }
    }

    /// The events, in the order of the changes.
    public var events: [Event] {
        state.withLock { state in
            switch state {
            case .made(let events): return events
            case .recorded(let record, let catalog):
                let events = EventMaker.events(of: record, catalog)
                state = .made(events)
                return events
            }
        }
    }
}

extension ObjectChange {
    fileprivate var size: Int { 200 + (before?.document.bytes.count ?? 0) + (after?.document.bytes.count ?? 0) }
}
