import Basics

/// The life of one plug-in's program, as decisions without time, processes or waiting (C §18).
///
/// Whoever runs the program tells what happens, and does what comes back. Each start of the program is a *run* with a number of
/// its own, so that what is told late about an earlier run changes nothing.
///
/// ```
/// idle ──demand──▶ starting ──ready──▶ configuring ──configured──▶ running
///   ▲                 │ ended              │ ended, refused           │ ended
///   │                 ▼                    ▼                          ▼
///   └──ended── stopping ◀──demand──   paused ──delay over──▶ starting
/// ```
public struct PluginLifecycle: Sendable, Equatable {
    /// Where in its life the program is.
    public private(set) var phase = Phase.idle
    /// What is wanted of it.
    public private(set) var demand = Demand.hold([])
    /// The number of the latest start; zero before the first.
    public private(set) var run = 0
    /// How often it has failed in a row.
    private(set) var failures = 0
    /// Why it is being ended; nil if it is not our doing.
    private var cause: Identifier?
    /// Whether it has refused what is wanted.
    private var isRefused = false
    private var alarm = 0

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

    private mutating func ended(_ reason: Identifier) -> [Effect] {
        switch phase {
        case .idle, .paused: return []
        case .stopping:
            guard isRefused else { return begin() }
            alarm += 1
            phase = .idle
            return []
        case .starting, .configuring, .running:
            failures += 1
            let delay = Self.restartDelay(after: failures)
            let told = cause.map(\.text) ?? "The plug-in's program \(reason)"
            let report = "\(told); it is started again after \(delay.components.seconds) s"
            return enter(.paused, for: delay) + [.report([Identifier(report)])]
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
            cause = Identifier("The plug-in's program did not say READY! within \(Self.startTime.components.seconds) s")
        case .configuring:
            let time = Self.configurationTime.components.seconds
            cause = Identifier("The plug-in took longer than \(time) s to be configured")
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

/// How long things may take, and when a program that fails is started again.
extension PluginLifecycle {
    /// How long a program may take to say that it is ready.
    static let startTime = Duration.seconds(30)
    /// How long it may take to be configured.
    static let configurationTime = Duration.seconds(60)
    /// How long it may take to end when it is asked to.
    static let stopTime = Duration.seconds(5)
    /// How long it must have served for its failures to be forgotten.
    static let provenTime = Duration.seconds(60)

    private static let (shortestDelay, longestDelay) = (1, 60)

    /// How long a program that fails is left alone before it is started again: longer with each time, up to a minute.
    ///
    /// - Parameter failures: how often it has failed in a row, once at least.
    static func restartDelay(after failures: Int) -> Duration {
        let doublings = min(max(failures, 1) - 1, 10)
        return .seconds(min(shortestDelay << doublings, longestDelay))
    }
}
