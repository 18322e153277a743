import ArgumentParser

/// Durable puts per second of LMDB alone.
struct RawPuts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw-puts", abstract: "Put values in synced batches and print the puts per second.")

    @Option(help: "An empty directory.") var path: String
    @Option(help: "Bytes a value.") var size = 1024
    @Option(help: "Values a batch; each batch is synced.") var batch = 1
    @Option(help: "How long to go on, in seconds.") var seconds = 3.0

    func run() {
        let environment = RawEnvironment(path: path)
        let value = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        var random = SystemRandomNumberGenerator()
        let start = ContinuousClock.now
        let end = start + .milliseconds(Int(seconds * 1000))
        var count = 0
        while ContinuousClock.now < end {
            environment.put((0..<batch).map { _ in (Array("machines/\(random.next())-\(random.next())".utf8), value) })
            count += batch
        }
        Report.number(Double(count) / start.duration(to: .now).inSeconds)
    }
}

/// Copying every value of a store once, through LMDB alone.
struct RawScan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw-scan", abstract: "Copy every value of a store once and print the seconds.")

    @Option(help: "The store's directory.") var path: String
    @Option(help: "The database in it.") var database = "data"

    func run() {
        let environment = RawEnvironment(path: path, name: database)
        let start = ContinuousClock.now
        let (count, bytes) = environment.copyAll()
        let seconds = start.duration(to: .now).inSeconds
        Report.text("\(seconds) \(count) \(bytes)\n")
    }
}
