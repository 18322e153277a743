import Basics
package import Logging
import Synchronization

/// The levels from which on parts of the server log, as they are set while it runs: by the labels of the parts' loggers. A
/// part logs from the lowest of these levels on: its handler's, its request's, and the one that is set here.
public final class LogLevels: Sendable {
    /// The level of one label, which its handlers look at for each line.
    final class Part: Sendable {
        private let position = Atomic(Logger.Level.allCases.count)

        /// The level that is set; nil for none.
        var level: Logger.Level? {
            get {
                let position = position.load(ordering: .relaxed)
                return position < Logger.Level.allCases.count ? Logger.Level.allCases[position] : nil
            }
            set {
                let new = newValue.flatMap { Logger.Level.allCases.firstIndex(of: $0) } ?? Logger.Level.allCases.count
                position.store(new, ordering: .relaxed)
            }
        }
    }

    private struct State {
        var parts: [Identifier: Part] = [:]
        /// Gives the levels of labels that come later.
        var level: @Sendable (String) -> Logger.Level? = { _ in nil }
    }

    private let state = Mutex(State())

    /// No levels.
    init() {}

    /// Sets the levels of all labels, also of those that come later.
    ///
    /// - Parameter level: gives a label's level; nil for none.
    package func set(_ level: @escaping @Sendable (_ label: String) -> Logger.Level?) {
        state.withLock { state in
            state.level = level
            for (label, part) in state.parts { part.level = level(label.text) }
        }
    }

    /// The level of a label. There are few labels, all of them of the program itself.
    func part(_ label: String) -> Part {
        state.withLock { state in
            if let part = state.parts[Identifier(label)] { return part }
            let part = Part()
            part.level = state.level(label)
            state.parts[Identifier(label)] = part
            return part
        }
    }
}
