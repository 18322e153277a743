import Basics
import JSON

/// The interval of one object, as its declaration reads it.
struct ObjectInterval: Sendable, Equatable {
    /// The values of the resource, each once, in ascending order; not empty.
    let resources: [ByteString]
    let start: Int128
    /// The first position after it; `openEnd` if it has no end.
    let end: Int128

    /// The end of intervals that have none.
    static let openEnd = Int128.max
}

/// What a declaration says of an object.
enum ReadInterval: Sendable {
    /// The object has no interval.
    case none
    /// It should have one, but start or end cannot be read, or the end is not after the start; says which and why.
    case unusable(String)
    /// It has this one.
    case interval(ObjectInterval)

    /// Whether the object holds no more and is no worse than it was.
    func isNoChange(from before: ReadInterval) -> Bool {
        switch (before, self) {
        case (_, .none), (.unusable, .unusable): true
        case (.interval(let before), .interval(let after)): before == after
        case (.none, .interval), (.none, .unusable), (.interval, .unusable), (.unusable, .interval): false
        }
    }

    var interval: ObjectInterval? {
        if case .interval(let interval) = self { return interval }
        return nil
    }
}

extension IntervalDeclaration {
    /// Reads the interval of an object.
    func read(_ document: JSONDocument) -> ReadInterval {
        document.withUnsafeBytes { text in
            guard condition.holds(of: text) else { return .none }
            let start: Int128
            switch position(of: JSONScan.member(self.start, of: text), zeroIsAbsent: false) {
            case .absent: return .none
            case .unreadable: return .unusable("\(self.start) is not \(axis.noun)")
            case .at(let position): start = position
            }
            let resources = IndexReader.values(resource, in: document).filter { !$0.isEmpty }
            guard !resources.isEmpty else { return .none }
            let end: Int128
            switch position(of: JSONScan.member(self.end, of: text), zeroIsAbsent: true) {
            case .absent: end = ObjectInterval.openEnd
            case .unreadable: return .unusable("\(self.end) is not \(axis.noun)")
            case .at(let position): end = position
            }
            guard start < end else {
                let texts = [start, end].map { IntervalPoint(position: $0).text(axis) }
                return .unusable("\(self.end) \(texts[1]) is not after \(self.start) \(texts[0])")
            }
            return .interval(ObjectInterval(resources: resources, start: start, end: end))
        }
    }

    private enum ReadPosition {
        case absent
        case unreadable
        case at(Int128)
    }

    private func position(of value: UnsafeRawBufferPointer?, zeroIsAbsent: Bool) -> ReadPosition {
        guard let value, value.first != UInt8(ascii: "n") else { return .absent }
        switch axis {
        case .time:
            guard let text = JSONScan.plainString(value) else { return .unreadable }
            if text.isEmpty { return .absent }
            guard let time = Timestamp(rfc3339: String(decoding: text, as: UTF8.self)) else { return .unreadable }
            return time == .zero ? .absent : .at(IntervalPoint.time(time).position)
        case .integer:
            guard let number = Int64(String(decoding: value, as: UTF8.self)) else { return .unreadable }
            return number == 0 && zeroIsAbsent ? .absent : .at(Int128(number))
        }
    }
}

extension IntervalAxis {
    fileprivate var noun: String {
        switch self {
        case .time: "a time"
        case .integer: "a whole number"
        }
    }
}
