import ArgumentParser

/// The other sides of the ratios that `Scripts/bench` prints: what the bare libraries can do on this machine, now.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster-bench", abstract: "Baselines and data for Scripts/bench.",
        subcommands: [
            RawPuts.self, StorePuts.self, RawScan.self, RawCopy.self, BareRoute.self, Fill.self, Bookings.self,
            WatchLoad.self, WatchIdle.self, FillSchedules.self, RunSchedules.self,
        ])
}
