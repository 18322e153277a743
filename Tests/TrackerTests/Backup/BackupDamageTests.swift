import BasicsTesting
import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `A damaged backup` {
    private let folder = TemporaryDirectory()
    private var path: String { "\(folder.path)/backup" }

    private func whole() async throws -> [UInt8] {
        var history = RandomHistory(try SampleTypes.open(MemoryStore(), .steady()), seed: 1)
        for _ in 0..<40 { await history.step() }
        _ = try await BackupFolder(folder.path).make("backup", since: nil, history.tracker)
        return FileBytes.read(path) ?? []
    }

    /// Whether a look at these bytes finds that something is wrong.
    private func isFound(_ bytes: [UInt8]) -> Bool {
        FileBytes.write(bytes, to: path)
        guard let report = try? BackupVerifier.report(on: path) else { return true }
        return !report.isWhole
    }

    @Test func `is found wherever a byte is flipped`() async throws {
        let whole = try await whole()
        var random = SeededGenerator(seed: 1)
        #expect(!isFound(whole))
        for _ in 0..<150 {
            var bytes = whole
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
            #expect(isFound(bytes), "byte \(place) of \(bytes.count)")
        }
    }

    @Test func `is found wherever it is cut off, and when there is more`() async throws {
        let whole = try await whole()
        for count in stride(from: 0, to: whole.count, by: max(whole.count / 60, 1)) {
            #expect(isFound(Array(whole.prefix(count))), "\(count) of \(whole.count) bytes")
        }
        #expect(isFound(whole + [0]))
        #expect(isFound(whole + whole))
    }

    @Test func `is named by what is damaged in it`() async throws {
        var bytes = try await whole()
        let name = Array("\"Name\":\"".utf8)
        // The last object, or pack of objects, whose JSON is flipped so that only its checksum tells.
        let place = try #require((0..<(bytes.count - name.count)).last { Array(bytes[$0..<($0 + name.count)]) == name })
        bytes[place + name.count] ^= 1
        FileBytes.write(bytes, to: path)
        let report = try BackupVerifier.report(on: path)
        #expect(!report.isWhole)
        let isNamed = report.damage.contains {
            $0.hasPrefix("shelves/") || $0.hasPrefix("boxes/") || $0.hasPrefix("contents/")
        }
        #expect(isNamed, "\(report.damage)")
        #expect(throws: StoreError.self) {
            try BackupRestore([path], SampleTypes.catalog) { _ in }.run(into: MemoryStore())
        }
    }

    @Test func `no bytes crash the reader`() async throws {
        let whole = try await whole()
        var random = SeededGenerator(seed: 2)
        for _ in 0..<100 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                bytes[Int.random(in: 14..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            _ = isFound(bytes)
        }
    }
}
