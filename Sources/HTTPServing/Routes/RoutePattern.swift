import Basics
import JSON

/// Which paths a route answers: `/machines/{key}/params/{name...}`.
///
/// A literal matches itself, `{key}` any one segment, and `{name...}`, of which there is one at most, one or more: keys hold
/// slashes, and many clients do not encode them (C §2).
public struct RoutePattern: Sendable, Hashable, CustomStringConvertible {
    package enum Part: Sendable, Hashable {
        case literal(String)
        case segment(String)
        case tail(String)

        package init(_ text: Substring) {
            if text.hasByteSuffix("...}") {
                self = .tail(String(text.dropFirst().dropLast(4)))
            } else if text.hasBytePrefix("{") {
                self = .segment(String(text.dropFirst().dropLast()))
            } else {
                self = .literal(String(text))
            }
        }
    }

    package let parts: [Part]
    /// The part that takes all segments that the others leave.
    private let tail: Int?
    /// The pattern's text, `/api/v3` included where the path has it.
    public let description: String

    /// The pattern that `text` describes, below `base`.
    package init(_ text: String, below base: String) {
        description = base + text
        parts = text.parts(between: "/").filter { !$0.isEmpty }.map(Part.init)
        tail = parts.firstIndex { if case .tail = $0 { true } else { false } }
    }

    /// Whether one of the parts takes any number of segments.
    package var hasTail: Bool { tail != nil }

    /// The names of the variable parts, in order.
    public var parameters: [String] {
        parts.compactMap { part in
            switch part {
            case .literal: nil
            case .segment(let name), .tail(let name): name
            }
        }
    }

    /// The path below its base as Swagger writes it: `/machines/{key}`.
    package var swaggerPath: String {
        parts.map { part in
            switch part {
            case .literal(let text): "/" + text
            case .segment(let name), .tail(let name): "/{\(name)}"
            }
        }.joined()
    }

    /// The first literal, under which tables file the route; nil for the root and for patterns that begin with a variable.
    package var family: String? {
        guard case .literal(let text) = parts.first else { return nil }
        return text
    }

    /// How many segments must agree: of two patterns that match one path, the one with more is meant.
    package var literalCount: Int { parts.count { if case .literal = $0 { true } else { false } } }

    /// Whether the pattern matches a path of these segments.
    package func matches(_ segments: [String]) -> Bool {
        guard hasTail ? segments.count >= parts.count : segments.count == parts.count else { return false }
        for (position, part) in parts.enumerated() {
            if case .literal(let text) = part,
                !text.hasSameUTF8(as: segments[range(of: position, in: segments).lowerBound])
            {
                return false
            }
        }
        return true
    }

    /// Which of a path's segments a part stands for.
    private func range(of position: Int, in segments: [String]) -> Range<Int> {
        guard let tail, position >= tail else { return position..<position + 1 }
        let extra = segments.count - parts.count
        return position == tail ? tail..<tail + extra + 1 : position + extra..<position + extra + 1
    }

    /// What the variable part called `name` is in a path of these segments; empty if the pattern has no such part.
    package func value(of name: String, in segments: [String]) -> String {
        for (position, part) in parts.enumerated() {
            switch part {
            case .segment(name), .tail(name):
                let range = range(of: position, in: segments)
                return range.count == 1 ? segments[range.lowerBound] : segments[range].joined(separator: "/")
            default: continue
            }
        }
        return ""
    }
}
