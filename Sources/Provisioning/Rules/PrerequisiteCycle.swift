import Basics
import JSON
import Tracker

/// A chain of prerequisites that leads back into itself.
struct PrerequisiteCycle {
    /// The task that depends on itself.
    let task: String
    /// The chain, from the task that was asked about to the one it comes back to.
    let path: [String]
    /// Where in the path the circle begins.
    let start: Int

    /// The first circle met from the task `name`, whose prerequisites are not those in `view` but `prerequisites`; nil
    /// if there is none. Takes time in proportion to the tasks it can reach.
    init?(of name: String, _ prerequisites: [String], in view: Snapshot) {
        var path = [name]
        var positions = [Identifier(name): 0]
        var waiting = [prerequisites[...]]
        var cleared: Set<Identifier> = []
        while var rest = waiting.popLast() {
            guard let next = rest.popFirst() else {
                let done = Identifier(path.removeLast())
                positions[done] = nil
                cleared.insert(done)
                continue
            }
            waiting.append(rest)
            if let start = positions[Identifier(next)] {
                task = next
                self.path = path + [next]
                self.start = start
                return
            }
            if cleared.contains(Identifier(next)) { continue }
            positions[Identifier(next)] = path.count
            path.append(next)
            waiting.append((view.object("tasks", next)?.texts("Prerequisites") ?? [])[...])
        }
        return nil
    }
}
