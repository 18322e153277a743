public import Basics
public import JSON

/// What the life of a program is told, and answers.
extension PluginLifecycle {
    /// What is wanted of the program.
    public enum Demand: Sendable, Hashable {
        /// It is not to run, because of these errors; none if nobody wants it.
        case hold([Identifier])
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
        case refused(run: Int, [Identifier])
        /// The program says that it is about to end, and why.
        case leaving(run: Int, Identifier)
        /// The program has ended, and how.
        case ended(run: Int, Identifier)
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
        case report([Identifier])
    }
}

extension PluginLifecycle.Demand {
    /// Whether the program is to run.
    public var isRun: Bool { if case .run = self { true } else { false } }
}

/// What a plug-in's program is started with.
public struct PluginConfiguration: Sendable, Hashable {
    /// The provider whose program it is.
    public let provider: Identifier
    /// Tells the program from others that the provider has had.
    public let program: Identifier
    /// The plug-in's params, sealed ones opened.
    public let parameters: JSONObject
    /// Whether it is to be told of events.
    public let hasPublish: Bool

    /// A configuration.
    public init(provider: String, program: String, parameters: JSONObject, hasPublish: Bool) {
        (self.provider, self.program) = (Identifier(provider), Identifier(program))
        self.parameters = parameters
        self.hasPublish = hasPublish
    }
}
