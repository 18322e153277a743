import Basics
import JSON

/// The settings that operators may change while the server runs (C §13).
public enum PreferenceName: String, CaseIterable, Sendable {
    /// Levels of what is logged about each part of the server.
    case debugBootEnv, debugDhcp, debugFrontend, debugPlugins, debugRenderer, logLevel
    /// What new machines get where they do not say.
    case defaultBootEnv, defaultStage, defaultWorkflow
    /// What unknown machines boot.
    case unknownBootEnv
    /// How long tokens made in templates live, in seconds: for known machines and for unknown ones.
    case knownTokenTimeout, unknownTokenTimeout
    /// What tokens are signed with; changing either revokes all of them.
    case baseTokenSecret, systemGrantorSecret
    /// How many jobs of a machine are kept, and how long.
    case jobsToKeep, failedJobsPurgedAfter, completeJobsPurgedAfter
    /// How many work orders of a machine are kept, and how long.
    case workOrdersToKeep, failedWorkOrdersPurgedAfter, completeWorkOrdersPurgedAfter

    /// The preference of exactly that name; nil for all other texts.
    public init?(named name: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.hasSameUTF8(as: name) }) else { return nil }
        self = found
    }

    /// The value until someone sets one; empty for secrets, which are made at first boot, and for optional preferences.
    public var defaultValue: String {
        switch self {
        case .debugBootEnv, .debugDhcp, .debugFrontend, .debugPlugins, .debugRenderer, .logLevel: "warn"
        case .defaultBootEnv: "local"
        case .defaultStage: "none"
        case .unknownBootEnv: "ignore"
        case .knownTokenTimeout: "3600"
        case .unknownTokenTimeout: "600"
        case .defaultWorkflow, .baseTokenSecret, .systemGrantorSecret, .jobsToKeep, .failedJobsPurgedAfter,
            .completeJobsPurgedAfter, .workOrdersToKeep, .failedWorkOrdersPurgedAfter, .completeWorkOrdersPurgedAfter:
            ""
        }
    }

    /// Whether the value is never shown.
    public var isSecret: Bool { self == .baseTokenSecret || self == .systemGrantorSecret }
}
