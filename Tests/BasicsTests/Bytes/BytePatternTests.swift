import Basics
import StoreTesting
import Testing

@Suite struct `A pattern of bytes` {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `is found just where a plain search finds it`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let alphabet: ClosedRange<UInt8> = Bool.random(using: &random) ? 97...98 : 0...255
            let text = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
                UInt8.random(in: alphabet, using: &random)
            }
            let length = Int.random(in: 0...6, using: &random)
            let start = Int.random(in: 0...text.count, using: &random)
            let isPart = Bool.random(using: &random)
            let part =
                isPart
                ? Array(text[start...].prefix(length))
                : (0..<length).map { _ in UInt8.random(in: alphabet, using: &random) }
            let expected = (0...text.count).contains { text[$0...].starts(with: part) }
            let found = text.withUnsafeBytes { BytePattern(part).occurs(in: $0) }
            #expect(found == expected, "\(part) in \(text), seed \(seed)")
        }
    }

    @Test func `may be longer than a byte can count`() {
        let part = [UInt8](repeating: 1, count: 300) + [2]
        let text = [UInt8](repeating: 1, count: 5000) + [2] + [UInt8](repeating: 3, count: 400)
        #expect(text.withUnsafeBytes { BytePattern(part).occurs(in: $0) })
        #expect(!text.withUnsafeBytes { BytePattern(part + [2]).occurs(in: $0) })
    }
}
