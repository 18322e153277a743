import JSON
import Store
import StoreTesting
import Testing

@testable import Tracker

@Suite struct `Epochs of a store` {
    private static func epoch(_ mark: UInt64, _ first: UInt64) -> Epoch { Epoch(mark: mark, first: Revision(first)) }

    @Test func `name the opening that wrote a revision, as a walk through all of them does`() {
        let recorded = [Self.epoch(1, 0), Self.epoch(2, 4), Self.epoch(3, 5), Self.epoch(4, 9)]
        let epochs = Epochs(recorded: recorded, newest: Revision(12), mark: 5)
        #expect(epochs.all == recorded + [Self.epoch(5, 13)])
        for number in 0...20 as ClosedRange<UInt64> {
            #expect(epochs.epoch(of: Revision(number)) == epochs.all.last { $0.first.number <= number })
        }
    }

    @Test func `know what each opening came to`() {
        let epochs = Epochs(
            recorded: [Self.epoch(1, 0), Self.epoch(2, 4)], newest: Revision(7), mark: 3)
        let texts = epochs.all.map(\.text)
        let newest = Revision(9)
        for (mark, known) in zip(texts, [0...3, 4...7, 8...9] as [ClosedRange<UInt64>]) {
            for number in 0...12 as ClosedRange<UInt64> {
                let isKnown = epochs.wrote(Revision(number), mark: mark, newest: newest)
                #expect(isKnown == known.contains(number), "\(mark) \(number)")
            }
        }
        #expect(!epochs.wrote(Revision(1), mark: "00000009", newest: newest))
        #expect(!epochs.wrote(Revision(1), mark: "", newest: newest))
    }

    @Test func `that nothing was written in are not kept`() {
        let epochs = Epochs(recorded: [Self.epoch(1, 0), Self.epoch(2, 8)], newest: Revision(7), mark: 3)
        #expect(epochs.all == [Self.epoch(1, 0), Self.epoch(3, 8)])
        let strayed = Epochs(recorded: [Self.epoch(1, 0), Self.epoch(2, 30)], newest: Revision(7), mark: 3)
        #expect(strayed.all == [Self.epoch(1, 0), Self.epoch(3, 8)])
    }

    @Test func `are bounded in number, and the newest are kept`() throws {
        let recorded = (0..<UInt64(Epochs.limit)).map { Self.epoch($0 + 1, $0) }
        let epochs = Epochs(recorded: recorded, newest: Revision(UInt64(Epochs.limit)), mark: 99_999)
        #expect(epochs.all.count == Epochs.limit / 2 + 1)
        let oldest = try #require(epochs.all.first)
        #expect(epochs.epoch(of: .zero) == oldest)
        #expect(epochs.epoch(of: Revision(UInt64(Epochs.limit - 1))) == recorded.last)
        let store = MemoryStore()
        for epoch in recorded { try store.apply(Epochs(only: epoch).recording) }
        try store.apply(epochs.recording)
        #expect(try Epochs.recorded(in: store) == epochs.all)
    }

    @Test func `give each object of each epoch another etag, which is short`() {
        var seen: Set<String> = []
        for mark in [1, 2, 1 << 39, 1 << 40 - 1] as [UInt64] {
            let epochs = Epochs(only: Self.epoch(mark, 0))
            for number in [0, 1, 35, 36, 1295, 1296, 60_000_000, .max] as [UInt64] {
                let object = StoredObject(
                    key: "k", document: JSONDocument([:]), revision: Revision(number), layer: .writable)
                let etag = epochs.etag(of: object)
                #expect(seen.insert(etag).inserted)
                #expect(etag == "\"\(epochs.current.text)\(String(number, radix: 36))\"")
                if number < 60_000_000 { #expect(etag.utf8.count <= 15) }
                #expect(!epochs.isForeign(etag, newest: Revision(.max)))
                if number > 0 { #expect(epochs.isForeign(etag, newest: Revision(number - 1))) }
            }
        }
    }
}
