import Testing

@testable import Basics

@Suite struct RandomPoolTests {
    @Test(arguments: [0, 1, 16, 255, 256, 257, 1000]) func `gives as many bytes as are asked for`(count: Int) {
        #expect(RandomPool.shared.take(count).count == count)
    }

    @Test func `gives no bytes twice, whoever asks`() async {
        let pool = RandomPool()
        let all = await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { (0..<500).map { _ in pool.take(12) } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(all).count == 4000)
    }
}
