/// Decides what is done now, what waits for its turn, and what is turned away.
struct ReadTurns<Work> {
    /// When something is done.
    enum Turn { case now, later, never }

    private let atOnce: Int
    private let longest: Int
    private var running = 0
    private var waiting: [Work] = []

    /// - Parameters:
    ///   - atOnce: how much is done at once.
    ///   - longest: how much waits at the most.
    init(atOnce: Int, longest: Int) { (self.atOnce, self.longest) = (atOnce, longest) }

    /// Takes in some work. What is to be done now is the caller's to do; `next` is asked when that is done.
    mutating func admit(_ work: Work) -> Turn {
        if running < atOnce {
            running += 1
            return .now
        }
        guard waiting.count < longest else { return .never }
        waiting.append(work)
        return .later
    }

    /// What is done next by whoever has done something; nil if nothing waits.
    mutating func next() -> Work? {
        guard !waiting.isEmpty else {
            running -= 1
            return nil
        }
        return waiting.removeFirst()
    }
}
