import ArgumentParser
import Glibc
import Store

/// Durable puts per second through the store, and the processor time of each, settling included.
struct StorePuts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store-puts",
        abstract: "Put objects as commits do, and print puts per second, µs a batch (median, 99 %) and µs of CPU a put."
    )

    @Option(help: "The store: lmdb:PATH, perhaps with ?journal=off.") var backend: String
    @Option(help: "Bytes a value.") var size = 2500
    @Option(help: "Objects a batch.") var batch = 1
    @Option(help: "How long to go on, in seconds.") var seconds = 3.0

    func run() throws {
        let store = try StoreLocator(backend).open(relativeTo: ".")
        let processorTime = Self.processorTime
        let start = ContinuousClock.now
        let end = start + .milliseconds(Int(seconds * 1000))
        var times: [Double] = []
        while ContinuousClock.now < end {
            let changes = makeBatch(first: UInt64(times.count * batch))
            let begin = ContinuousClock.now
            try store.apply(changes)
            times.append(begin.duration(to: .now).inSeconds * 1e6)
        }
        let count = Double(times.count * batch)
        let perSecond = count / start.duration(to: .now).inSeconds
        try store.close()
        times.sort()
        let perPut = (Self.processorTime - processorTime) * 1e6 / count
        Report.text("\(perSecond) \(times[times.count / 2]) \(times[times.count * 99 / 100]) \(perPut)\n")
    }

    /// What a commit of new objects writes for each: the object, its version, a record, and the revision.
    private func makeBatch(first: UInt64) -> WriteBatch {
        var changes = WriteBatch()
        let value = [UInt8](repeating: UInt8(ascii: "x"), count: size)
        for number in first..<first + UInt64(batch) {
            let revision = withUnsafeBytes(of: number.bigEndian) { Array($0) }
            let key = Array("machines/\(UInt64.random(in: 0...UInt64.max))-\(UInt64.random(in: 0...UInt64.max))".utf8)
            changes.put(.data, key: key, value: value)
            changes.put(.versions, key: key + revision, value: [])
            changes.put(.commits, key: revision, value: Array(value.prefix(300)))
            changes.put(.metadata, key: Array("revision".utf8), value: revision)
        }
        return changes
    }

    /// Of all threads so far, in seconds.
    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
