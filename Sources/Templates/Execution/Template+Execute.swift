public import Basics

extension Template {
    /// Executes the template: its text with all actions replaced by what they show.
    ///
    /// - Parameters:
    ///   - data: dot, and the variable `$`.
    ///   - set: other templates that this one may call; it may define their names anew.
    ///   - functions: what the actions may call.
    ///   - options: what a missing key gives, and the limits.
    ///   - environment: where time and random bytes come from.
    /// - Throws: the first error, worded like Go's.
    public func execute(
        _ data: TemplateValue, in set: TemplateSet = TemplateSet(), functions: FunctionTable = .provisioning,
        options: TemplateOptions = TemplateOptions(), environment: Environment = Environment()
    ) throws(TemplateExecutionError) -> String {
        var context = TemplateContext(limits: options.limits, environment: environment)
        defer { context.finish() }
        return try execute(
            data, in: set, functions: functions, missingKey: options.missingKey, context: &context)
    }

    /// Executes the template within the limits of another execution, whose methods call this.
    public func execute(
        _ data: TemplateValue, in set: TemplateSet, functions: FunctionTable = .provisioning,
        missingKey: TemplateOptions.MissingKey = .default, context: inout TemplateContext
    ) throws(TemplateExecutionError) -> String {
        var set = set
        set.insert(self)
        var execution = Execution(set: set, functions: functions, missingKey: missingKey, context: context)
        defer { context = execution.context }
        return try execution.run(name, data)
    }
}

extension TemplateSet {
    /// Executes a template of the set by its name within the limits of another execution.
    public func execute(
        _ name: String, _ data: TemplateValue, functions: FunctionTable = .provisioning,
        missingKey: TemplateOptions.MissingKey = .default, context: inout TemplateContext
    ) throws(TemplateExecutionError) -> String {
        var execution = Execution(set: self, functions: functions, missingKey: missingKey, context: context)
        defer { context = execution.context }
        return try execution.run(name, data)
    }
}
