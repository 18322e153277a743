import StoreTesting
import Testing

@testable import Tracker

struct PostingsTests {
    @Test func `postings take eight bytes`() {
        #expect(MemoryLayout<Postings>.size == 8)
    }

    @Test func `the one row and the many are told apart by nobody outside`() {
        var postings = Postings("b")
        #expect(keys(postings) == ["b"])
        #expect(keys(postings, after: { $0.insert("a") }, answering: true) == ["a", "b"])
        #expect(keys(postings, after: { $0.insert("b") }, answering: false) == ["b"])
        postings.insert("a")
        #expect(keys(postings, after: { $0.insert("b") }, answering: false) == ["a", "b"])
        #expect(keys(postings, after: { $0.remove("c") }, answering: false) == ["a", "b"])
        #expect(keys(postings, after: { $0.remove("b") }, answering: false) == ["a"])
        postings.remove("b")
        #expect(keys(postings, after: { $0.remove("b") }, answering: false) == ["a"])
        #expect(keys(postings, after: { $0.remove("a") }, answering: true) == [])
        postings.remove("a")
        #expect(postings.isEmpty && postings.first == nil && !postings.contains("a"))
        #expect(keys(postings, after: { $0.remove("a") }, answering: true) == [])
        #expect(keys(postings, after: { $0.insert("c") }, answering: true) == ["c"])
    }

    /// The keys after a change of a copy, whose answer is checked.
    private func keys(
        _ postings: Postings, after change: (inout Postings) -> Bool, answering expected: Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> [ByteString] {
        var changed = postings
        let answer = change(&changed)
        #expect(answer == expected, sourceLocation: sourceLocation)
        return keys(changed)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `postings agree with a set, and copies never change`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var postings = Postings()
        var model: Set<ByteString> = []
        var copies: [(Postings, Set<ByteString>)] = []
        let size = [2, 4, 200][Int(seed % 3)]
        for step in 0..<600 {
            let key = IndexValue.integer(Int64.random(in: 0..<Int64(size), using: &random))
            if Bool.random(using: &random) {
                let isNew = postings.insert(key)
                #expect(isNew == model.insert(key).inserted, "seed \(seed), step \(step)")
            } else {
                model.remove(key)
                let isEmpty = postings.remove(key)
                #expect(isEmpty == model.isEmpty, "seed \(seed), step \(step)")
            }
            #expect(postings.contains(key) == model.contains(key))
            #expect(postings.count == model.count && postings.isEmpty == model.isEmpty && postings.first == model.min())
            if step % 7 == 0 { copies.append((postings, model)) }
            if step % 15 == 0 { checkWalks(postings, model.sorted(), "seed \(seed), step \(step)") }
        }
        for (postings, model) in copies { #expect(keys(postings) == model.sorted(), "seed \(seed)") }
    }

    private func checkWalks(_ postings: Postings, _ sorted: [ByteString], _ context: Comment) {
        #expect(keys(postings) == sorted, context)
        #expect(keys(postings, descending: true) == sorted.reversed(), context)
        for rank in -1...min(sorted.count, 5) {
            var seen: [ByteString] = []
            postings.forEach(fromRank: rank) {
                seen.append($0); return seen.count < 3
            }
            #expect(seen == Array(sorted.dropFirst(max(0, rank)).prefix(3)), context)
            seen = []
            postings.forEach(fromRank: rank, descending: true) {
                seen.append($0); return true
            }
            #expect(seen == sorted.prefix(rank + 1).reversed(), context)
        }
    }

    @Test func `postings held once change in place`() {
        var postings = Postings()
        for (key, _) in numbered(5000) { postings.insert(key) }
        var copies = 0
        for (key, _) in numbered(200) {
            let before = address(postings)
            postings.remove(key)
            if address(postings) != before { copies += 1 }
        }
        #expect(copies == 0)
    }

    /// Where the entries of the root are; a change that copies moves them.
    private func address(_ postings: Postings) -> UnsafePointer<ByteString>? {
        guard case .many(let keys) = postings.rows else { return nil }
        return keys.tree.root.entries.withUnsafeBufferPointer { $0.baseAddress }
    }

    private func keys(_ postings: Postings, descending: Bool = false) -> [ByteString] {
        var keys: [ByteString] = []
        postings.forEach(descending: descending) { key in
            keys.append(key)
            return true
        }
        return keys
    }
}
