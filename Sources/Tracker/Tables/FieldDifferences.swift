import JSON

/// Reads the fields that indexes draw on out of documents that come one after the other, and tells of a field only where it is
/// not what it was in the document before. Of neighbours most fields are the same, and so is most of the text, which then is
/// compared and not read.
struct FieldDifferences: Sendable {
    /// A member of the document before.
    private struct Member {
        /// From its first quote to its value.
        let keyLength: Int
        var valueLength: Int
        /// Which of the plan's steps wants it.
        let step: Int?
    }

    private let plan: IndexPlan
    private var members: [Member] = []
    private var previous: [UInt8] = []

    /// A reader of what `plan` wants.
    init(_ plan: IndexPlan) { self.plan = plan }

    /// Calls `body` with each index whose field is not what it was in the document before, and with the field's text, nil where
    /// it is gone.
    ///
    /// - Parameter document: the bytes of a canonical document.
    mutating func next(
        _ document: [UInt8], _ body: (_ position: Int, _ text: UnsafeRawBufferPointer?) -> Void
    ) {
        guard !plan.steps.isEmpty else { return }
        let previous = previous
        previous.withUnsafeBytes { old in document.withUnsafeBytes { compare($0, to: old, body) } }
        self.previous = document
    }

    /// Walks both texts member by member. In `old` all places are known; `new` has them too, so far as it is the same, and from
    /// there to the end of the member at hand it is read.
    private mutating func compare(
        _ new: UnsafeRawBufferPointer, to old: UnsafeRawBufferPointer,
        _ body: (_ position: Int, _ text: UnsafeRawBufferPointer?) -> Void
    ) {
        var (place, oldPlace) = (1, 1)
        var same = oldPlace + Self.commonLength(new, from: place, old, from: oldPlace)
        for index in members.indices {
            let member = members[index]
            let oldEnd = oldPlace + member.keyLength + member.valueLength
            // What follows a value counts: a longer number begins like a shorter one.
            if oldEnd < same {
                place += oldEnd + 1 - oldPlace
                oldPlace = oldEnd + 1
                continue
            }
            guard oldPlace + member.keyLength <= same else { return read(new, from: place, memberAt: index, body) }
            let start = place + member.keyLength
            let end = JSONScan.endOfValue(in: new, at: start)
            members[index].valueLength = end - start
            tell(member.step, UnsafeRawBufferPointer(rebasing: new[start..<end]), body)
            place = end + 1
            oldPlace = oldEnd + 1
            guard end < new.count, oldEnd < old.count, new[end] == old[oldEnd] else {
                return read(new, from: place, memberAt: index + 1, body)
            }
            same = oldPlace + Self.commonLength(new, from: place, old, from: oldPlace)
        }
        if place < new.count { read(new, from: place, memberAt: members.count, body) }
    }

    /// Reads the members from `place` on, which are others than in the document before.
    private mutating func read(
        _ text: UnsafeRawBufferPointer, from place: Int, memberAt index: Int,
        _ body: (_ position: Int, _ text: UnsafeRawBufferPointer?) -> Void
    ) {
        let gone = members[index...].compactMap(\.step)
        members.removeSubrange(index...)
        var next = (members.last { $0.step != nil }?.step).map { $0 + 1 } ?? 0
        JSONScan.forEachMember(of: text, from: place) { key, value in
            let step = plan.step(named: key, from: &next)
            members.append(Member(keyLength: key.count + 3, valueLength: value.count, step: step))
            tell(step, value, body)
            return true
        }
        let present = Set(members[index...].compactMap(\.step))
        for step in gone where !present.contains(step) { tell(step, nil, body) }
    }

    private func tell(
        _ step: Int?, _ text: UnsafeRawBufferPointer?,
        _ body: (_ position: Int, _ text: UnsafeRawBufferPointer?) -> Void
    ) {
        guard let step else { return }
        for position in plan.steps[step].positions { body(plan.positions[position], text) }
    }

    /// How many bytes two texts have in common from those places on.
    private static func commonLength(
        _ left: UnsafeRawBufferPointer, from leftStart: Int, _ right: UnsafeRawBufferPointer, from rightStart: Int
    ) -> Int {
        let limit = min(left.count - leftStart, right.count - rightStart)
        var length = 0
        while length + 8 <= limit {
            let mine = left.loadUnaligned(fromByteOffset: leftStart + length, as: UInt64.self)
            let other = right.loadUnaligned(fromByteOffset: rightStart + length, as: UInt64.self)
            if mine != other { return length + UInt64(littleEndian: mine ^ other).trailingZeroBitCount / 8 }
            length += 8
        }
        while length < limit, left[leftStart + length] == right[rightStart + length] { length += 1 }
        return max(0, length)
    }
}
