/// Who holds which locks and who waits for which: decides, and does nothing else.
///
/// A request names all its locks at once and gets them at once. It waits for those who hold what it conflicts with, and for
/// those who came before it and wait for such; for nobody else. So everyone waits only for earlier ones, which rules out
/// deadlock, and nobody is overtaken by one that it conflicts with, which rules out starvation.
struct LockQueue: Sendable {
    /// Names a request.
    typealias Ticket = UInt64

    private struct Entry {
        let ticket: Ticket
        let set: LockSet
    }

    private var held: [Entry] = []
    /// In the order of arrival.
    private var waiting: [Entry] = []
    private var last: Ticket = 0

    /// Whether nobody holds or wants anything.
    var isIdle: Bool { held.isEmpty && waiting.isEmpty }

    /// Whether a request has its locks.
    func holds(_ ticket: Ticket) -> Bool { held.contains { $0.ticket == ticket } }

    /// Whether a request could have its locks at once.
    func passes(_ set: LockSet) -> Bool {
        var taken = TakenLocks()
        for entry in held + waiting { taken.add(entry.set) }
        return !taken.conflicts(with: set)
    }

    /// Queues a request.
    ///
    /// - Returns: its ticket, and whether it has its locks at once.
    mutating func enter(_ set: LockSet) -> (ticket: Ticket, isGranted: Bool) {
        last += 1
        waiting.append(Entry(ticket: last, set: set))
        return (last, grant().contains(last))
    }

    /// Takes a request out, whether it holds its locks or waits for them.
    ///
    /// - Returns: who has got locks by that, in the order of arrival.
    mutating func leave(_ ticket: Ticket) -> [Ticket] {
        held.removeAll { $0.ticket == ticket }
        waiting.removeAll { $0.ticket == ticket }
        return grant()
    }

    private mutating func grant() -> [Ticket] {
        guard !waiting.isEmpty else { return [] }
        var taken = TakenLocks()
        for entry in held { taken.add(entry.set) }
        var (granted, rest): ([Entry], [Entry]) = ([], [])
        for entry in waiting {
            if taken.conflicts(with: entry.set) { rest.append(entry) } else { granted.append(entry) }
            taken.add(entry.set)
        }
        held += granted
        waiting = rest
        return granted.map(\.ticket)
    }
}
