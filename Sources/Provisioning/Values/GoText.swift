import Basics
import JSON

/// Values and numbers as Go's formatting prints them, where that is part of a message clients know.
enum GoText {
    /// The value as `%v` prints it once decoded: `[1 2]`, `map[a:b]`, `<nil>`.
    static func plain(_ value: JSONValue) -> String {
        switch value {
        case .null: "<nil>"
        case .bool(let flag): String(flag)
        case .number(let number): number.text
        case .string(let text): text
        case .array(let elements): "[\(elements.map(plain).joined(separator: " "))]"
        case .object(let object): "map[\(object.map { "\($0.key):\(plain($0.value))" }.joined(separator: " "))]"
        }
    }

    /// What `strconv.Atoi` says of `text`, or nil if it is a number.
    static func atoiFailure(_ text: String) -> String? {
        let digits = text.after("+") ?? text.after("-") ?? text[...]
        let isNumber =
            !digits.isEmpty && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if isNumber, Int(text) != nil { return nil }
        return "strconv.Atoi: parsing \"\(text)\": \(isNumber ? "value out of range" : "invalid syntax")"
    }
}
