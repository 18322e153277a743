import Hummingbird
import Synchronization

/// The memory of long answers that were composed as a whole and wait for their clients to take them.
///
/// Lists and stored objects cost next to nothing, since they are sent from what the server holds anyway; packs, histories and
/// pages of events do.
package final class AnswerBudget: Sendable {
    /// A part of the budget, given back when nobody holds it any more.
    final class Share: Sendable {
        fileprivate let count: Int
        private let budget: AnswerBudget

        fileprivate init(_ count: Int, of budget: AnswerBudget) { (self.count, self.budget) = (count, budget) }

        deinit { budget.used.subtract(count, ordering: .relaxed) }
    }

    /// How many bytes all of them together may have. One that is longer may be alone.
    let limit: Int
    private let used = Atomic(0)

    /// A budget of `limit` bytes.
    package init(limit: Int = 256 << 20) { self.limit = limit }

    /// How many bytes wait.
    package var count: Int { used.load(ordering: .relaxed) }

    /// The answer, its memory counted until it is sent.
    ///
    /// - Parameter isRead: whether nothing was written: what a write did cannot be refused any more.
    /// - Throws: status 503 if too many others wait.
    func counted(_ answer: Answer, isRead: Bool) throws(HTTPError) -> Answer {
        guard !answer.isShort, !answer.isShared, let length = answer.body.wholeLength else { return answer }
        let before = used.add(length, ordering: .relaxed).oldValue
        let share = Share(length, of: self)
        guard before == 0 || before + length <= limit || !isRead else {
            throw HTTPError(
                503, .overloaded,
                "Answers of \(before) bytes wait for their clients, at most \(limit) may: ask again in a moment",
                retryAfter: .seconds(1))
        }
        return answer.holding(share)
    }
}

extension Answer {
    /// The same answer, which holds `share` until it is sent.
    fileprivate func holding(_ share: AnswerBudget.Share) -> Answer {
        let parts = body.parts
        let held = ResponseBody(contentLength: parts.contentLength) { [parts] writer in
            defer { withExtendedLifetime(share) {} }
            try await parts.write(writer)
        }
        return Answer(status: status, headers: headers, body: .parts(held))
    }
}
