import Glibc
import StoreTesting
import Testing

@testable import Store

@Suite struct VisitedPagesTests {
    private let directory = TemporaryDirectory()

    private func open() throws -> LMDBStore {
        try LMDBStore(try StoreLocator("lmdb:store"), relativeTo: directory.path)
    }

    @Test func `what many small scans have read does not stay in memory`() throws {
        let store = try open()
        let size = 32 << 10
        for start in stride(from: 0, to: 3072, by: 64) {
            var batch = WriteBatch()
            for number in start..<start + 64 {
                batch.put(.data, key: Array(String(10_000 + number).utf8), value: [UInt8](repeating: 7, count: size))
            }
            try store.apply(batch)
        }
        try store.close()
        let reopened = try open()
        var cursor: [UInt8]? = []
        while let from = cursor {
            cursor = nil
            var rest = 32
            try reopened.scan(.data, from: from) { key, value in
                rest -= 1
                if rest < 0 { cursor = Array(key) }
                return rest >= 0
            }
        }
        for number in 0..<3072 { _ = try reopened.value(.data, key: Array(String(10_000 + number).utf8)) }
        let resident = try #require(Self.residentBytes(of: directory.path + "/store/data.mdb"))
        // Between two looks, as much may come again; and other tests' files come and go.
        #expect(resident <= 3 * VisitedPages.threshold, "\(resident) bytes of 96 MiB")
        try reopened.close()
    }

    /// How many bytes of a mapped file count as this process's memory.
    private static func residentBytes(of path: String) -> Int? {
        guard let file = fopen("/proc/self/smaps", "r") else { return nil }
        defer { fclose(file) }
        var (line, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer { free(line) }
        var (isMeant, bytes) = (false, 0)
        while getline(&line, &capacity, file) > 0, let line {
            let text = String(cString: line)
            if text.contains("-"), text.contains("/") || text.contains(" 00:00 ") { isMeant = text.contains(path) }
            guard isMeant, text.hasPrefix("Rss:") else { continue }
            bytes += (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
        }
        return bytes
    }
}
