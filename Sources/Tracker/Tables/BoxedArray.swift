/// An array of large values, each in a box of its own. Copying the array counts one reference an element, whatever is in it,
/// and changing an element of a copy copies that one alone.
///
/// `@unchecked Sendable` is sound: a box is written only while a single array refers to it.
struct BoxedArray<Element: Sendable>: @unchecked Sendable {
    private final class Box {
        var value: Element

        init(_ value: Element) { self.value = value }
    }

    private var boxes: [Box]

    /// The array of `elements`.
    init(_ elements: some Sequence<Element>) { boxes = elements.map { Box($0) } }
}

extension BoxedArray: RandomAccessCollection, MutableCollection {
    var startIndex: Int { boxes.startIndex }
    var endIndex: Int { boxes.endIndex }

    subscript(position: Int) -> Element {
        _read { yield boxes[position].value }
        _modify {
            if !isKnownUniquelyReferenced(&boxes[position]) { boxes[position] = Box(boxes[position].value) }
            yield &boxes[position].value
        }
    }
}
