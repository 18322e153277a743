import ArgumentParser

/// Copying every value of a store once from memory to memory, which is `memcpy`.
struct RawCopy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw-copy", abstract: "Load every value of a store, copy them once more and print the seconds.")

    @Option(help: "The store's directory.") var path: String
    @Option(help: "The database in it.") var database = "data"

    /// The target is one buffer whose pages are there already: what is measured is copying, not the kernel's work.
    func run() {
        var values: [[UInt8]] = []
        RawEnvironment(path: path, name: database).forEachValue { values.append(Array($0)) }
        var target = [UInt8](repeating: 1, count: values.reduce(0) { $0 + $1.count })
        let seconds = (0..<5).map { _ in
            let start = ContinuousClock.now
            target.withUnsafeMutableBytes { Self.copy(values, to: $0) }
            return start.duration(to: .now).inSeconds
        }
        Report.text("\(seconds.sorted()[2]) \(values.count) \(target.count)\n")
    }

    private static func copy(_ values: [[UInt8]], to target: UnsafeMutableRawBufferPointer) {
        var rest = target[...]
        for value in values {
            value.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: rest).copyMemory(from: $0) }
            rest = rest.dropFirst(value.count)
        }
    }
}
