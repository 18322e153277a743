import Basics
import Glibc

/// Values of rows that are too many to number: each is kept with its row, and in the end they are sorted.
struct SortedRun {
    /// A value and its row.
    private struct Item {
        /// The first sixteen bytes, which settle nearly all comparisons.
        let head: UInt128
        let count: UInt32
        var row: UInt32
        /// Where in `long` the value is, if it has more bytes.
        let start: Int

        var isWhole: Bool { count <= 16 }
    }

    private var items: [Item] = []
    private var long: [UInt8] = []

    /// How many values there are, each as often as it has rows.
    var count: Int { items.count }

    /// Adds the value of a row; the rows of one value come in ascending order.
    mutating func append(_ value: UnsafeRawBufferPointer, row: UInt32) {
        items.append(
            Item(head: value.longHead, count: UInt32(value.count), row: row, start: long.count))
        if value.count > 16 { long.append(contentsOf: value) }
    }

    /// Adds the last `count` values once more for each of `rows`.
    mutating func repeatLast(_ count: Int, rows: Range<UInt32>) {
        for row in rows {
            for _ in 0..<count {
                var item = items[items.count - count]
                item.row = row
                items.append(item)
            }
        }
    }

    /// Brings the values into ascending order. The rows of one value stay as they are.
    mutating func sort() {
        sortByHead()
        // What is equal in sixteen bytes, and not known to be equal altogether, is sorted once more.
        var start = 0
        while start < items.count {
            var (end, isWhole) = (start + 1, items[start].isWhole)
            while end < items.count, items[end].head == items[start].head {
                isWhole = isWhole && items[end].count == items[start].count
                end += 1
            }
            if !isWhole {
                items[start..<end].sort { left, right in
                    let order = long.withUnsafeBytes { Self.order(left, right, in: $0) }
                    return order != 0 ? order < 0 : left.row < right.row
                }
            }
            start = end
        }
    }

    /// Sorts by one byte of the heads after the other, the last one first, and leaves out those that are the same in all.
    private mutating func sortByHead() {
        guard let first = items.first?.head else { return }
        let differing = items.reduce(0) { $0 | ($1.head ^ first) }
        var target = items
        for shift in stride(from: 0, to: 128, by: 8) where UInt8(truncatingIfNeeded: differing >> shift) != 0 {
            var places = [Int](repeating: 0, count: 256)
            for item in items { places[Int(UInt8(truncatingIfNeeded: item.head >> shift))] += 1 }
            var sum = 0
            for byte in 0..<256 { (places[byte], sum) = (sum, sum + places[byte]) }
            places.withUnsafeMutableBufferPointer { places in
                target.withUnsafeMutableBufferPointer { target in
                    for item in items {
                        let byte = Int(UInt8(truncatingIfNeeded: item.head >> shift))
                        target[places[byte]] = item
                        places[byte] += 1
                    }
                }
            }
            swap(&items, &target)
        }
    }
}

// MARK: Reading what is sorted

extension SortedRun {
    /// The rows of the values at `positions`.
    func rows(_ positions: Range<Int>) -> some RandomAccessCollection<UInt32> { items[positions].lazy.map(\.row) }

    /// The positions of the value at `start` and of those after it that are equal.
    func group(from start: Int) -> Range<Int> {
        var end = start + 1
        long.withUnsafeBytes { long in
            while end < items.count, Self.order(items[start], items[end], in: long) == 0 { end += 1 }
        }
        return start..<end
    }

    /// The value at `position`.
    func value(at position: Int) -> ByteString {
        let item = items[position]
        if item.isWhole {
            return withUnsafeBytes(of: item.head.bigEndian) {
                ByteString(UnsafeRawBufferPointer(start: $0.baseAddress, count: Int(item.count)))
            }
        }
        return long.withUnsafeBytes {
            ByteString(UnsafeRawBufferPointer(start: $0.baseAddress! + item.start, count: Int(item.count)))
        }
    }

    /// Negative, zero or positive as one value sorts before, with or after another.
    private static func order(_ left: Item, _ right: Item, in long: UnsafeRawBufferPointer) -> Int {
        guard left.head == right.head else { return left.head < right.head ? -1 : 1 }
        if left.isWhole || right.isWhole { return Int(left.count) - Int(right.count) }
        let shared = Int(min(left.count, right.count))
        let order = memcmp(long.baseAddress! + left.start, long.baseAddress! + right.start, shared)
        return order != 0 ? Int(order) : Int(left.count) - Int(right.count)
    }
}
