public import JSON

/// The life of one plug-in's program, as decisions without time, processes or waiting (C §18).
///
/// Whoever runs the program tells what happens, and does what comes back. Each start of the program is a *run* with a number of its
/// own, so that what is told late about an earlier run changes nothing.
///
/// ```
/// idle ──demand──▶ starting ──ready──▶ configuring ──configured──▶ running
///   ▲                 │ ended              │ ended, refused           │ ended
///   │                 ▼                    ▼                          ▼
///   └──ended── stopping ◀──demand──   paused ──delay over──▶ starting
/// ```
public struct PluginLifecycle: Sendable, Equatable {
    /// What is wanted of the program.
    public enum Demand: Sendable, Hashable {
        /// It is not to run, because of these errors; none if nobody wants it.
        case hold([String])
        /// It is to run with this configuration.
        case run(PluginConfiguration)
    }

    /// Where in its life the program is.
    public enum Phase: Sendable, Hashable {
        /// It does not run, and is not about to.
        case idle
        /// It has been started, and has not said that it is ready.
        case starting
        /// It has been given its configuration, and has not answered.
        case configuring
        /// It serves.
        case running
        /// It has been asked to end.
        case stopping
        /// It has failed, and is started again after a while.
        case paused
    }

    /// What happened.
    public enum Input: Sendable, Hashable {
        /// Something else is wanted.
        case demand(Demand)
        /// The program of a run says that it is ready.
        case ready(run: Int)
        /// The program takes its configuration.
        case configured(run: Int)
        /// The program does not take its configuration, for these reasons.
        case refused(run: Int, [String])
        /// The program says that it is about to end, and why.
        case leaving(run: Int, String)
        /// The program has ended, and how.
        case ended(run: Int, String)
        /// The time of an alarm is over.
        case alarm(Int)
    }

    /// What is to be done.
    public enum Effect: Sendable, Hashable {
        /// Start the program.
        case launch(run: Int, PluginConfiguration)
        /// Send it its configuration.
        case configure(run: Int, PluginConfiguration)
        /// Ask it to end.
        case stop(run: Int)
        /// End it, whatever it does.
        case kill(run: Int)
        /// Tell after a time that it is over.
        case setAlarm(Int, after: Duration)
        /// Show these as the plug-in's errors.
        case report([String])
    }

    /// Where in its life the program is.
    public private(set) var phase = Phase.idle
    /// What is wanted of it.
    public private(set) var demand = Demand.hold([])
    /// The number of the latest start; zero before the first.
    public private(set) var run = 0
    /// How often it has failed in a row.
    private(set) var failures = 0
    /// Why it is being ended; nil if it is not our doing.
    private var cause: String?
    /// Whether it has refused what is wanted.
    private var isRefused = false
    private var alarm = 0

    /// How long a program may take to say that it is ready.
    static let startTime = Duration.seconds(30)
    /// How long it may take to be configured.
    static let configurationTime = Duration.seconds(60)
    /// How long it may take to end when it is asked to.
    static let stopTime = Duration.seconds(5)
    /// How long it must have served for its failures to be forgotten.
    static let provenTime = Duration.seconds(60)

    /// The life of a program that nobody has wanted yet.
    public init() {}

    /// Whether it will serve or fail before long.
    public var isSettling: Bool { phase == .starting || phase == .configuring || phase == .stopping && demand.isRun }

    /// Takes what happened, and answers what is to be done.
    public mutating func take(_ input: Input) -> [Effect] {
        switch input {
        case .demand(let demand): return want(demand)
        case .ready(let run):
            guard run == self.run, phase == .starting, case .run(let configuration) = demand else { return [] }
            return enter(.configuring, for: Self.configurationTime) + [.configure(run: run, configuration)]
        case .configured(let run):
            guard run == self.run, phase == .configuring else { return [] }
            return enter(.running, for: Self.provenTime) + [.report([])]
        case .refused(let run, let errors):
            guard run == self.run, phase == .configuring else { return [] }
            isRefused = true
            return enter(.stopping, for: Self.stopTime) + [.report(errors), .stop(run: run)]
        case .leaving(let run, let reason):
            if run == self.run { cause = reason }
            return []
        case .ended(let run, let reason): return run == self.run ? ended(reason) : []
        case .alarm(let alarm): return alarm == self.alarm ? timeIsOver() : []
        }
    }

    private mutating func want(_ new: Demand) -> [Effect] {
        guard new != demand else { return [] }
        demand = new
        (failures, isRefused) = (0, false)
        switch phase {
        case .idle, .paused: return begin()
        case .starting, .configuring, .running:
            return enter(.stopping, for: Self.stopTime) + [.stop(run: run)]
        case .stopping: return []
        }
    }

    /// Does what is wanted of a program that does not run.
    private mutating func begin() -> [Effect] {
        cause = nil
        switch demand {
        case .hold(let errors):
            alarm += 1
            phase = .idle
            return [.report(errors)]
        case .run(let configuration):
            run += 1
            return enter(.starting, for: Self.startTime) + [.launch(run: run, configuration)]
        }
    }

    private mutating func ended(_ reason: String) -> [Effect] {
        switch phase {
        case .idle, .paused: return []
        case .stopping:
            guard isRefused else { return begin() }
            alarm += 1
            phase = .idle
            return []
        case .starting, .configuring, .running:
            failures += 1
            let delay = RestartDelay.after(failures: failures)
            let told = cause ?? "The plug-in's program \(reason)"
            let report = "\(told); it is started again after \(delay.components.seconds) s"
            return enter(.paused, for: delay) + [.report([report])]
        }
    }

    private mutating func timeIsOver() -> [Effect] {
        switch phase {
        case .idle: return []
        case .paused: return begin()
        case .running:
            failures = 0
            return []
        case .starting:
            cause = "The plug-in's program did not say READY! within \(Self.startTime.components.seconds) s"
        case .configuring:
            cause = "The plug-in took longer than \(Self.configurationTime.components.seconds) s to be configured"
        case .stopping: break
        }
        return [.kill(run: run)]
    }

    private mutating func enter(_ phase: Phase, for time: Duration) -> [Effect] {
        self.phase = phase
        alarm += 1
        return [.setAlarm(alarm, after: time)]
    }
}

extension PluginLifecycle.Demand {
    /// Whether the program is to run.
    public var isRun: Bool { if case .run = self { true } else { false } }
}

/// What a plug-in's program is started with.
public struct PluginConfiguration: Sendable, Hashable {
    /// The provider whose program it is.
    public let provider: String
    /// Tells the program from others that the provider has had.
    public let program: String
    /// The plug-in's params, sealed ones opened.
    public let parameters: JSONObject
    /// Whether it is to be told of events.
    public let hasPublish: Bool

    /// A configuration.
    public init(provider: String, program: String, parameters: JSONObject, hasPublish: Bool) {
        (self.provider, self.program, self.parameters) = (provider, program, parameters)
        self.hasPublish = hasPublish
    }
}
