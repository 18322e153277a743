import ArgumentParser

/// The program that runs: its commands, and what it has that the commands lack.
///
/// Commands are made by the parser, which hands them their arguments and nothing else; so they find it here.
struct CommandProgram: Sendable {
    /// The program as the parser knows it.
    let root: any ParsableCommand.Type
    /// Makes what reads and checks content packs; asked only by commands that do.
    let packs: @Sendable () -> PackTools

    /// The program that runs; nil outside of one.
    @TaskLocal static var current: CommandProgram?
}
