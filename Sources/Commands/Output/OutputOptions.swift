import ArgumentParser

/// The flag of commands that ask no server and print something.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp(
            "What to print: table, json, yaml, jsonpath=TEMPLATE or template=TEMPLATE.", valueName: "form"),
        completion: .list(OutputFormat.names), transform: OutputFormat.init(argument:))
    var format: OutputFormat?

    /// The form to print in.
    var output: OutputFormat { format ?? .table }
}
