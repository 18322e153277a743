import StoreTesting
import Testing

@testable import Tracker

@Suite struct EventCursorTests {
    private static let epoch = "3d8f0c1e-0000-4000-8000-000000000001"

    @Test(arguments: [0, 1, 35, 36, UInt64.max])
    func `a cursor is read back as it was written`(number: UInt64) {
        let cursor = EventCursor(epoch: Self.epoch, revision: Revision(number))
        #expect(EventCursor(cursor.description) == cursor)
    }

    @Test(arguments: ["", "~", "a~", "~1", "a~1~1", "a~+1", "a~-1", "a~01", "a~A", "A~1", "a b~1", "a~zzzzzzzzzzzzzz"])
    func `nothing else is a cursor`(text: String) { #expect(EventCursor(text) == nil) }

    @Test func `a start is now, the oldest, or after a cursor`() throws {
        #expect(try EventStart("") == .now)
        #expect(try EventStart("0") == .oldest)
        #expect(try EventStart("a~1") == .after(EventCursor(epoch: "a", revision: Revision(1))))
        #expect(throws: EventError.malformedCursor("1")) { try EventStart("1") }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `whatever is read is written the same`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("\(Self.epoch)~~019azZ+ \u{0}é")
        for _ in 0..<2000 {
            let count = Int.random(in: 0...12, using: &generator)
            let text = String((0..<count).map { _ in letters.randomElement(using: &generator) ?? "~" })
            if let cursor = EventCursor(text) { #expect(cursor.description == text, "seed \(seed)") }
        }
    }
}
