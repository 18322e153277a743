import ArgumentParser
import Glibc

/// Copying every value of a store once with `memcpy`, from memory to memory.
struct RawCopy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "raw-copy", abstract: "Load every value of a store, copy them once more and print the seconds.")

    @Option(help: "The store's directory.") var path: String
    @Option(help: "The database in it.") var database = "data"

    /// The target is one buffer whose pages are there already: what is measured is copying, not the kernel's work.
    func run() {
        var values: [[UInt8]] = []
        RawEnvironment(path: path, name: database).forEachValue { values.append(Array($0)) }
        let target = UnsafeMutableRawBufferPointer.allocate(
            byteCount: values.reduce(0) { $0 + $1.count }, alignment: 64)
        defer { target.deallocate() }
        memset(target.baseAddress, 1, target.count)
        var seconds: [Double] = []
        for _ in 0..<5 {
            let start = ContinuousClock.now
            var offset = 0
            for value in values {
                value.withUnsafeBytes { bytes in
                    _ = memcpy(target.baseAddress?.advanced(by: offset), bytes.baseAddress, bytes.count)
                }
                offset += value.count
            }
            seconds.append(start.duration(to: .now).inSeconds)
        }
        Report.text("\(seconds.sorted()[2]) \(values.count) \(target.count)\n")
    }
}
