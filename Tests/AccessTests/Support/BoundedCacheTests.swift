import StoreTesting
import Testing

@testable import Access

struct BoundedCacheTests {
    @Test func `entries are found until they are removed`() {
        var cache = BoundedCache<Int, String>(limit: 8)
        cache[1] = "a"
        cache[2] = "b"
        cache[1] = "c"
        cache[2] = nil
        #expect(cache[1] == "c")
        #expect(cache[2] == nil)
        #expect(cache.count == 1)
    }

    @Test func `what is read stays, what is not read goes`() {
        var cache = BoundedCache<Int, Int>(limit: 8)
        cache[0] = 0
        cache[1] = 1
        for key in 2..<100 {
            cache[key] = key
            #expect(cache[0] == 0)
        }
        #expect(cache[1] == nil)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `it never grows beyond its limit, and never makes up an entry`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var cache = BoundedCache<Int, Int>(limit: 10)
        var model: [Int: Int] = [:]
        for step in 0..<1000 {
            let key = Int.random(in: 0..<30, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                cache[key] = nil
                model[key] = nil
            case 1:
                cache[key] = step
                model[key] = step
                #expect(cache[key] == step, "seed \(seed)")
            default:
                if let value = cache[key] { #expect(value == model[key], "seed \(seed)") }
            }
            #expect(cache.count <= 10, "seed \(seed)")
        }
    }
}
