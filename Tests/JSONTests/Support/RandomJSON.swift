import JSON
import StoreTesting

/// Random JSON of all shapes: a source of examples for property tests.
struct RandomJSON {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// A value of at most `depth` nested containers.
    mutating func value(depth: Int = 4) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2: .number(JSONNumber(Int.random(in: -20...20, using: &generator)))
        case 3: .number(number())
        case 4, 5: .string(string())
        case 6: .array((0..<Int.random(in: 0...5, using: &generator)).map { _ in value(depth: depth - 1) })
        default: .object(object(depth: depth))
        }
    }

    mutating func object(depth: Int = 4) -> JSONObject {
        JSONObject((0..<Int.random(in: 0...7, using: &generator)).map { _ in (string(), value(depth: depth - 1)) })
    }

    /// Strings with all that a scanner may stumble over, of all lengths around a machine word.
    mutating func string() -> String {
        let pieces = [
            "a", "b", "Z", "0", " ", "!", "\"", "\\", "/", "{", "]", ",", ":", "\n", "\u{1}", "\u{1F}", "\u{7F}",
        ]
        let unicode = ["\u{E9}", "e\u{301}", "ß", "\u{2028}", "\u{FFFD}", "\u{D7FF}", "\u{E000}", "🦊", "\u{10FFFF}"]
        var string = ""
        let length =
            generator.oneIn(8) ? Int.random(in: 0...40, using: &generator) : Int.random(in: 0...9, using: &generator)
        for _ in 0..<length {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: string += generator.pick(pieces)
            case 1 where length % 2 == 0: string += generator.pick(unicode)
            default: string.unicodeScalars.append(Unicode.Scalar(UInt8.random(in: 0x61...0x64, using: &generator)))
            }
        }
        return string
    }

    mutating func number() -> JSONNumber {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: return JSONNumber(Int.random(in: .min ... .max, using: &generator))
        case 1: return JSONNumber(finite: Double(bitPattern: generator.next())) ?? JSONNumber(0)
        case 2: return JSONNumber(Double(Int.random(in: -9999...9999, using: &generator)) / 1000)
        case 3:
            return JSONNumber(Double(sign: .plus, exponent: Int.random(in: 50...70, using: &generator), significand: 1))
        default:
            let digits = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
                generator.oneIn(3) ? "0" : String(Int.random(in: 0...9, using: &generator))
            }
            return JSONNumber("-7" + digits.joined())!
        }
    }
}

extension SeededGenerator {
    /// True once in `count` times.
    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: choices.indices, using: &self)]
    }
}
