import ArgumentParser
import Basics
import Client
import Logging

/// What an agent is told on its command line and by its environment.
struct AgentOptions: ParsableArguments {
    @OptionGroup var server: ServerOptions

    @Option(
        help: ArgumentHelp(
            "The machine that this is (RS_UUID). Without it the server is asked by the hardware, and told of one that is new.",
            valueName: "uuid"))
    var machine: String?

    @Option(
        help: ArgumentHelp(
            "Run the tasks of this context instead of the machine's own (RS_CONTEXT).", valueName: "name"))
    var context: String?

    @Flag(help: "End when there is nothing to do, instead of waiting for more.")
    var oneshot = false

    @Flag(help: "Print the machine's UUID and token with a space between them, and end.")
    var identify = false

    @Option(
        help: ArgumentHelp("What a machine that is new is called: this, and its hardware address.", valueName: "text"))
    var namePrefix = "node-"

    @Option(help: ArgumentHelp("The workflow that a machine which is new begins with.", valueName: "name"))
    var workflow: String?

    @Flag(help: "Tell the server the address by which this machine reaches it.")
    var reportAddress = false

    @Option(
        help: ArgumentHelp(
            "Where the agent keeps what it works on; it should not outlive a boot (RS_RUNNER_DIR).", valueName: "folder"
        ),
        completion: .directory)
    var runnerDir: String?

    @Option(
        help: ArgumentHelp(
            "What is run with `reboot` or `poweroff` as its last argument, instead of systemctl or the programs of those names "
                + "(RS_POWER_COMMAND).", valueName: "command"))
    var powerCommand: String?

    @Option(help: ArgumentHelp("How much is logged to standard error.", valueName: "level"))
    var logLevel = LogLevel.info

    /// How much is logged.
    enum LogLevel: String, ExpressibleByArgument, CaseIterable {
        case debug, info, notice, warning, error

        /// The same for swift-log.
        var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
    }
}

extension AgentOptions {
    /// Where an agent keeps what it works on, unless told otherwise.
    static let usualRunnerFolder = "/run/muster-agent"

    /// The options, with what the environment says where the command line says nothing.
    ///
    /// - Throws: `AgentError` when something is missing.
    func completed(_ variable: (String) -> String? = ServerOptions.variable) throws(AgentError) -> AgentOptions {
        var options = self
        options.server = try server.completed(variable)
        options.machine = machine ?? variable("RS_UUID")
        options.context = context ?? variable("RS_CONTEXT")
        options.runnerDir = runnerDir ?? variable("RS_RUNNER_DIR") ?? Self.usualRunnerFolder
        options.powerCommand = powerCommand ?? variable("RS_POWER_COMMAND")
        guard options.runnerDir?.hasBytePrefix("/") == true else {
            throw AgentError(.usage, "--runner-dir \(options.runnerDir ?? "") must be an absolute path")
        }
        return options
    }
}
