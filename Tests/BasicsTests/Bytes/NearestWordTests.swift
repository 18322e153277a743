import StoreTesting
import Testing

@testable import Basics

@Suite struct NearestWordTests {
    @Test(
        arguments: [
            ("machinse", "machines"), ("lsit", "list"), ("MACHINES", "machines"), ("x", nil), ("", nil),
            ("subnetz", "subnets"), ("completely-different", nil), ("ls", nil),
        ])
    func `the word that lies near is found, and none where none does`(wanted: String, found: String?) {
        #expect(NearestWord.to(wanted, among: ["list", "machines", "subnets"]) == found)
    }

    /// The definition of the distance, as slow as it is.
    private static func model(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Int {
        guard let first = one.first else { return other.count }
        guard let second = other.first else { return one.count }
        var least = model(one.dropFirst(), other.dropFirst()) + (first == second ? 0 : 1)
        least = min(least, model(one.dropFirst(), other) + 1, model(one, other.dropFirst()) + 1)
        if one.count > 1, other.count > 1, first == other.dropFirst().first, second == one.dropFirst().first {
            least = min(least, model(one.dropFirst(2), other.dropFirst(2)) + 1)
        }
        return least
    }

    @Test func `distances are those of the definition`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let words = (0..<2).map { _ in
                String(
                    (0..<Int.random(in: 0..<6, using: &generator)).map { _ in "abc".randomElement(using: &generator)! })
            }
            #expect(
                NearestWord.distance(words[0], words[1])
                    == Self.model(Array(words[0].utf8)[...], Array(words[1].utf8)[...]))
        }
    }
}
