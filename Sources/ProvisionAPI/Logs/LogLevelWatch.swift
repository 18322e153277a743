import Basics
package import HTTPServing
import Logging
import Provisioning
import ServiceLifecycle
package import Tracker

/// Has the parts of the server log from the levels on that preferences name, as soon as these change (C §13).
///
/// Preferences make the log say more than the command line asks for, never less: what it says of logins and writes is there to be
/// found.
package struct LogLevelWatch: Service {
    private let tracker: DataTracker
    private let levels: LogLevels

    /// A watch that sets `levels` as the preferences in `tracker` say.
    package init(_ tracker: DataTracker, _ levels: LogLevels) { (self.tracker, self.levels) = (tracker, levels) }

    /// Runs until the surrounding service group shuts down.
    package func run() async {
        await cancelWhenGracefulShutdown {
            var view = tracker.snapshot
            while true {
                apply(Preferences(view))
                guard let next = try? await tracker.snapshot(after: view.revision, for: .type("preferences")) else {
                    return
                }
                view = next
            }
        }
    }

    private func apply(_ preferences: Preferences) {
        func level(_ name: PreferenceName) -> Logger.Level? { Logger.Level(wireName: preferences[name]) }
        let ofAll = level(.logLevel)
        let ofParts = Self.preferences.mapValues { [ofAll, level($0)].compactMap(\.self).min() }
        levels.set { label in ofParts[Identifier(label)] ?? ofAll }
    }

    /// The preferences for single parts, by the labels of the parts' loggers. What is not among them goes by `logLevel` alone.
    private static let preferences: [Identifier: PreferenceName] = [
        "frontend": .debugFrontend, "dhcp": .debugDhcp, "lease-expiry": .debugDhcp, "renderer": .debugRenderer,
        "boot-files": .debugBootEnv, "plugins": .debugPlugins,
    ]
}
