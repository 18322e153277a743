import Basics
import Logging
public import Tracker

extension Retention {
    /// What machines have many of as time goes by.
    public enum Kind: Sendable, CaseIterable {
        /// Jobs, with their logs.
        case jobs
        /// Work orders.
        case workOrders
    }

    /// How often the server forgets by itself.
    private static let interval = Duration.seconds(600)

    /// The service that forgets as the preferences say.
    static let service = DomainService("retention") { tracker, logger in
        while (try? await tracker.environment.sleep(for: interval)) != nil {
            for kind in Kind.allCases {
                let view = tracker.snapshot
                let retention = Retention(kind, Preferences(view))
                guard retention.isLimited else { continue }
                let name = kind.typeName
                do throws(TrackerError) {
                    let request = TrackerRequest.system("\(name) are forgotten as the preferences say")
                    let expired = retention.expired(in: view, at: tracker.environment.now())
                    let count = try await retention.forget(expired, tracker, request)
                    if count > 0 { logger.info("\(name) are forgotten", metadata: ["count": "\(count)"]) }
                } catch {
                    logger.error("\(name) cannot be forgotten", metadata: ["cause": "\(error)"])
                }
            }
        }
    }
}

extension Retention.Kind {
    /// The type of the objects.
    public var typeName: TypeName { self == .jobs ? "jobs" : "work_orders" }

    /// The preference that says how many of each machine are kept.
    public var keepPreference: PreferenceName { self == .jobs ? .jobsToKeep : .workOrdersToKeep }

    /// The preference that says how long those are kept that did not end well.
    public var failedPreference: PreferenceName {
        self == .jobs ? .failedJobsPurgedAfter : .failedWorkOrdersPurgedAfter
    }

    /// The preference that says how long those are kept that did.
    public var completePreference: PreferenceName {
        self == .jobs ? .completeJobsPurgedAfter : .completeWorkOrdersPurgedAfter
    }

    /// The field with the time by which the newest are told.
    var startField: String { self == .jobs ? "StartTime" : "CreateTime" }

    /// Whether nothing more is to come of one in a state.
    func isDone(_ state: String) -> Bool { self == .jobs ? JobState.isDone(state) : !WorkOrderState.isOpen(state) }
}
