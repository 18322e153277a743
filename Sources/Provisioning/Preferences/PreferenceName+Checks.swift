import Basics
import JSON
import Tracker

extension PreferenceName {
    /// The value to keep for what a client sent: log levels may also be given as numbers.
    func canonical(_ value: String) -> String { isLevel ? Self.oldLevels[Identifier(value)] ?? value : value }

    /// What is wrong with `value`, in the words of C §13, or nil.
    ///
    /// - Parameter view: the state in which names must lead somewhere.
    func problem(with value: String, in view: Snapshot) -> String? {
        switch self {
        case .debugBootEnv, .debugDhcp, .debugFrontend, .debugPlugins, .debugRenderer, .logLevel:
            Self.levels.contains(bytesOf: canonical(value))
                ? nil : "Invalid level `\(value)`, use one of \(Self.levelList)"
        case .defaultBootEnv: view.contains("bootenvs", value) ? nil : "Bootenv \(value) does not exist"
        case .unknownBootEnv: problem(withUnknownBootEnv: value, in: view)
        case .defaultStage: view.contains("stages", value) ? nil : "Stage \(value) does not exist"
        case .defaultWorkflow:
            value.isEmpty || view.contains("workflows", value) ? nil : "Workflow \(value) does not exist"
        case .knownTokenTimeout, .unknownTokenTimeout: GoText.atoiFailure(value)
        case .jobsToKeep, .workOrdersToKeep: value.isEmpty ? nil : GoText.atoiFailure(value)
        case .failedJobsPurgedAfter, .completeJobsPurgedAfter, .failedWorkOrdersPurgedAfter,
            .completeWorkOrdersPurgedAfter:
            value.isEmpty || Duration(musterText: value, defaultUnit: .seconds) != nil
                ? nil : "Invalid duration `\(value)`, use a number with a unit such as 30d"
        case .baseTokenSecret: value.utf8.count == 32 ? nil : "Must be 32 bytes long"
        case .systemGrantorSecret: nil
        }
    }

    private func problem(withUnknownBootEnv name: String, in view: Snapshot) -> String? {
        guard let bootEnv = view.object("bootenvs", name) else { return "Bootenv \(name) does not exist" }
        return bootEnv.flag("OnlyUnknown")
            ? nil : "Bootenv \(name) is for known machines, it lacks the OnlyUnknown flag"
    }

    private var isLevel: Bool { defaultValue == "warn" }

    private static let levels = ["trace", "debug", "info", "warn", "error", "fatal", "panic", "audit"]
    private static let levelList = levels.joined(separator: ", ")
    /// Before levels had names, they were numbers.
    private static let oldLevels: [Identifier: String] = ["0": "warn", "1": "info", "2": "debug"]
}
