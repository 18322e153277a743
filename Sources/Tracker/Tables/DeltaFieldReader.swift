import JSON

/// Reads the fields that indexes draw on out of documents that come one after the other, and tells of a field only where it is
/// not what it was in the document before. Of neighbours most fields are the same, and so is most of the text, which then is
/// compared and not read. Of an object in a field, indexes have the keys; it is the same as long as these are.
struct DeltaFieldReader: Sendable {
    /// A member of the document before, or of an object in it of which only the keys matter.
    private struct Member {
        /// From the end of the member before to the value.
        let keyLength: Int
        var valueLength: Int
        /// What is between the value and the next member: a comma or a brace, two of them after the last of an inner object.
        var endLength = 1
        /// Which of the plan's steps wants it; of the members of an inner object the first one has that.
        let step: Int?
        /// How many members of the same inner object are before it; nil if it is in none.
        var innerIndex: Int?
    }

    private let plan: IndexPlan
    private var members: [Member] = []
    private var previous: [UInt8] = []

    /// A reader of what `plan` wants.
    init(_ plan: IndexPlan) { self.plan = plan }

    /// Calls `body` with each index whose field may have other values than in the document before, and with the field's text,
    /// nil where it is gone.
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
        var (place, oldPlace, outerPlace) = (1, 1, 1)
        var same = oldPlace + Self.commonLength(new, from: place, old, from: oldPlace)
        for index in members.indices {
            let member = members[index]
            if (member.innerIndex ?? 0) == 0 { outerPlace = place }
            let start = place + member.keyLength
            let oldEnd = oldPlace + member.keyLength + member.valueLength
            let oldNext = oldEnd + member.endLength
            // What follows a value counts: a longer number begins like a shorter one.
            if oldNext > same {
                guard oldPlace + member.keyLength <= same, let end = end(of: member, at: start, in: new, old, oldEnd)
                else {
                    return read(new, from: outerPlace, memberAt: index - (member.innerIndex ?? 0), body)
                }
                members[index].valueLength = end - start
                if member.innerIndex == nil {
                    tell(member.step, UnsafeRawBufferPointer(rebasing: new[start..<end]), body)
                }
                place = end + member.endLength
                oldPlace = oldNext
                same = oldPlace + Self.commonLength(new, from: place, old, from: oldPlace)
            } else {
                place += oldNext - oldPlace
                oldPlace = oldNext
            }
        }
        if place < new.count { read(new, from: place, memberAt: members.count, body) }
    }

    /// Where a value ends that begins at `start` and takes the place of the one of `member`; nil if then not the same follows,
    /// or it is an inner object that `member` is not.
    private func end(
        of member: Member, at start: Int, in new: UnsafeRawBufferPointer, _ old: UnsafeRawBufferPointer, _ oldEnd: Int
    ) -> Int? {
        let end = JSONScan.endOfValue(in: new, at: start)
        guard start < end, end + member.endLength <= new.count, oldEnd + member.endLength <= old.count
        else { return nil }
        for offset in 0..<member.endLength where new[end + offset] != old[oldEnd + offset] { return nil }
        let value = UnsafeRawBufferPointer(rebasing: new[start..<end])
        return member.innerIndex == nil && hasInner(member.step, value) ? nil : end
    }

    /// Whether a value is an object whose members are told apart.
    private func hasInner(_ step: Int?, _ value: UnsafeRawBufferPointer) -> Bool {
        guard let step, value.first == UInt8(ascii: "{"), value.count > 2 else { return false }
        return plan.steps[step].wantsKeys
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
            if hasInner(step, value) {
                appendInner(value, keyLength: key.count + 3, step)
            } else {
                members.append(Member(keyLength: key.count + 3, valueLength: value.count, step: step))
            }
            tell(step, value, body)
            return true
        }
        let present = Set(members[index...].compactMap(\.step))
        for step in gone where !present.contains(step) { tell(step, nil, body) }
    }

    private mutating func appendInner(_ object: UnsafeRawBufferPointer, keyLength: Int, _ step: Int?) {
        let first = members.count
        JSONScan.forEachMember(of: object) { key, value in
            let isFirst = members.count == first
            members.append(
                Member(
                    keyLength: key.count + 3 + (isFirst ? keyLength + 1 : 0), valueLength: value.count,
                    step: isFirst ? step : nil, innerIndex: members.count - first))
            return true
        }
        if members.count > first {
            members[members.count - 1].endLength = 2
        } else {
            members.append(Member(keyLength: keyLength, valueLength: object.count, step: step))
        }
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
