import HTTPServing
import JSON
import NIOCore
import Synchronization
import Tracker

/// Watchers who want the same and may be told everything: what they are told is filtered and written once for all of them.
final class SharedSubscription: Sendable {
    /// How events are written.
    enum Form: Sendable, Hashable {
        /// WebSocket frames as the public clients know them.
        case plain
        /// WebSocket frames with revisions.
        case numbered
        /// Server-sent events, with cursors of these epochs.
        case stream(Epochs)
    }

    /// What tells subscriptions apart.
    struct SubscriptionKey: Sendable, Hashable {
        let filters: Set<EventFilter>
        let form: Form
    }

    /// A run of events as it is sent.
    struct Page: Sendable {
        var bytes = ByteBuffer()
        /// The newest commit with an event in it; nil if there is none.
        var told: Revision?
    }

    /// Those who keep up stand at most two runs apart.
    private static let pageLimit = 4

    let wishes: SubscriptionKey
    /// The newest pages, oldest first; nil where there is none for all.
    private let pages = Mutex<[(span: EventSpan, page: Page?)]>([])

    init(_ wishes: SubscriptionKey) { self.wishes = wishes }

    /// The events of `span` that are wanted; nil if each watcher must look for itself, since rights may change in it or it
    /// has left memory.
    ///
    /// - Parameter snapshot: says what is secret now.
    func page(of span: EventSpan, in snapshot: @autoclosure () -> Snapshot) -> Page? {
        // Made under the lock: whoever comes meanwhile wants the same page, and making it twice takes longer.
        pages.withLock { pages in
            if let known = pages.last(where: { $0.span == span }) { return known.page }
            let page = make(span, Redaction(snapshot()))
            if pages.count == Self.pageLimit { pages.removeFirst() }
            pages.append((span, page))
            return page
        }
    }

    private func make(_ span: EventSpan, _ redaction: Redaction) -> Page? {
        guard let groups = span.groups else { return nil }
        var page = Page()
        for group in groups {
            let events = group.events
            if events.contains(where: { WatcherCredentials.rightsTypes.contains(TypeName($0.type)) }) { return nil }
            var wanted = events.filter { wishes.filters.want($0) }
            if !redaction.sparesParams { wanted = wanted.map { redaction($0) } }
            if !wanted.isEmpty { page.write(wanted, of: group, as: wishes.form) }
        }
        return page
    }
}

extension SharedSubscription.Page {
    /// Adds the events of one group.
    mutating func write(_ events: [Event], of group: EventGroup, as form: SharedSubscription.Form) {
        told = group.revision ?? told
        switch form {
        case .plain: for event in events { SocketFrame.writeText(event.text, into: &bytes) }
        case .numbered: for event in events { SocketFrame.writeText(event.numberedText, into: &bytes) }
        case .stream(let epochs):
            // The id stands on the last event of each commit, so that who takes the stream up again gets whole commits.
            for (position, event) in events.enumerated() {
                if position == events.count - 1, let told {
                    bytes.writeString("id: \(epochs.cursor(after: told))\n")
                }
                bytes.writeString("data: ")
                bytes.writeBytes(event.numberedText)
                bytes.writeString("\n\n")
            }
        }
    }
}

/// The subscriptions that there are.
final class SharedSubscriptions: Sendable {
    private struct Weak: Sendable { weak var audience: SharedSubscription? }

    private let known = Mutex<[SharedSubscription.SubscriptionKey: Weak]>([:])

    /// The audience of those wishes, the same for all who hold it.
    func audience(of wishes: SharedSubscription.SubscriptionKey) -> SharedSubscription {
        known.withLock { known in
            if let audience = known[wishes]?.audience { return audience }
            // Who comes anew clears away those who have gone, now and then.
            if known.count >= 2 * max(16, known.values.count { $0.audience != nil }) {
                known = known.filter { $0.value.audience != nil }
            }
            let audience = SharedSubscription(wishes)
            known[wishes] = Weak(audience: audience)
            return audience
        }
    }
}
