/// What the execution of a template may take, so that none can stall the server or fill its memory.
public struct TemplateLimits: Sendable, Equatable {
    /// What is limited.
    public enum Kind: String, Sendable {
        /// Templates, blocks and values in each other.
        case depth

        /// Work.
        case steps

        /// Time on the clock.
        case time

        /// Bytes of the output and of any text made on the way.
        case output
    }

    /// How many templates may call each other, where Go allows a hundred thousand.
    public var calls: Int

    /// How many blocks, parentheses and calls may lie in each other, and how deep values may.
    public var depth: Int

    /// How many steps may be taken: actions, operands and calls are one each, text is one for every 32 bytes, and functions
    /// that work long take more.
    public var steps: Int

    /// How long it may take.
    public var time: Duration

    /// The most bytes of the output, and of any text made on the way.
    public var output: Int

    /// Limits.
    public init(
        calls: Int = 200, depth: Int = 1000, steps: Int = 5_000_000, time: Duration = .seconds(10),
        output: Int = 16 << 20
    ) {
        (self.calls, self.depth, self.steps, self.time, self.output) = (calls, depth, steps, time, output)
    }
}

/// How the execution of a template goes about what its text does not say.
public struct TemplateOptions: Sendable {
    /// What a map gives for a key that it does not have.
    public enum MissingKey: String, Sendable {
        /// No value, shown as `<no value>`.
        case `default`

        /// The zero of the values' type.
        case zero

        /// An error.
        case error
    }

    /// What a map gives for a key that it does not have.
    public var missingKey: MissingKey

    /// What execution may take.
    public var limits: TemplateLimits

    /// Options.
    public init(missingKey: MissingKey = .default, limits: TemplateLimits = TemplateLimits()) {
        self.missingKey = missingKey
        self.limits = limits
    }
}
