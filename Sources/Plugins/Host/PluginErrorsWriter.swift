import Basics
import JSON
import Logging
import Synchronization
import Tracker

/// Keeps the `PluginErrors` of a plug-in's object as they should be; of what comes while one is being written, the last counts.
final class PluginErrorsWriter: Sendable {
    private struct State: Sendable {
        var wanted: [String] = []
        var isWriting = false
        /// Whether `wanted` came after what is being written.
        var isDue = false
    }

    private let state = Mutex(State())
    private let name: String
    private let tracker: DataTracker
    private let logger: Logger

    init(_ name: String, _ tracker: DataTracker, _ logger: Logger) {
        (self.name, self.tracker, self.logger) = (name, tracker, logger)
    }

    /// Has the object show these errors; returns at once.
    func show(_ errors: [String]) {
        let begins = state.withLock { state in
            (state.wanted, state.isDue) = (errors, true)
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if begins { Task { await write() } }
    }

    private func write() async {
        while let errors = next() {
            do throws(TrackerError) {
                try await write(errors)
            } catch {
                logger.warning("the errors of a plug-in cannot be shown", metadata: ["cause": "\(error)"])
            }
        }
    }

    private func next() -> [String]? {
        state.withLock { state in
            guard state.isDue else {
                state.isWriting = false
                return nil
            }
            state.isDue = false
            return state.wanted
        }
    }

    private func write(_ errors: [String]) async throws(TrackerError) {
        let (name, logger) = (name, logger)
        let request = TrackerRequest.system("the state of a plug-in").writing(WriteScope(["plugins"]))
        _ = try await tracker.commit(request) { draft throws(TrackerError) in
            guard let object = draft.view.object("plugins", name) else { return }
            let known = object.document.member("PluginErrors")?.elements.compactMap(\.string) ?? []
            if known.elementsEqual(errors, by: { $0.hasSameUTF8(as: $1) }) { return }
            if !errors.isEmpty {
                logger.warning("a plug-in does not run", metadata: ["errors": "\(errors.joined(separator: "; "))"])
            }
            try draft.updateAsServer("plugins", at: name) { $0["PluginErrors"] = JSONValue(errors) }
        }
    }
}
