import Basics
import JSON

/// What the text of a scalar stands for, by the rules of go-yaml 2: those of YAML 1.1 without base 60, where times stay text.
enum YAMLScalar: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A whole number beyond `Int64`.
    case unsigned(UInt64)
    case float(Double)
    case text(String)

    /// Why a text does not fit its tag.
    struct Mismatch: Error {
        let reason: String
    }

    /// The value of a scalar.
    ///
    /// - Parameters:
    ///   - text: the text, without quotes and escapes.
    ///   - tag: its tag in the long form, nil if it has none.
    ///   - isPlain: whether, without a tag, it may be something else than text.
    /// - Throws: `Mismatch` where the tag asks for what the text is not.
    init(_ text: String, tag: String?, isPlain: Bool) throws(Mismatch) {
        guard let tag else {
            self = isPlain ? YAMLScalar(untagged: text) : .text(text)
            return
        }
        switch YAMLTag(rawValue: tag) {
        case .text, nil: self = .text(text)
        case .binary: self = .text(try Self.decoded(text))
        case .timestamp:
            guard YAMLTimestamp.isOne(text) else { throw YAMLScalar(untagged: text).mismatch(text, .timestamp) }
            self = .text(text)
        case .some(let wanted):
            let found = YAMLScalar(untagged: text)
            switch (wanted, found) {
            case (.float, .integer(let whole)): self = .float(Double(whole))
            case (.null, .null), (.bool, .bool), (.integer, .integer), (.integer, .unsigned), (.float, .float):
                self = found
            default: throw found.mismatch(text, wanted)
            }
        }
    }

    /// What a text without quotes and tag stands for.
    init(untagged text: String) {
        if let word = Self.words[Identifier(text)] {
            self = word
            return
        }
        guard let first = text.utf8.first else { preconditionFailure("the empty text is a word") }
        switch first {
        case UInt8(ascii: "."): self = YAMLNumber.decimals(text).map(Self.float) ?? .text(text)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            self = YAMLNumber.value(text) ?? .text(text)
        default: self = .text(text)
        }
    }

    private static let words: [Identifier: YAMLScalar] = {
        var words: [Identifier: YAMLScalar] = [:]
        for word in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] {
            words[Identifier(word)] = .bool(true)
        }
        for word in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
            words[Identifier(word)] = .bool(false)
        }
        for word in ["", "~", "null", "Null", "NULL"] { words[Identifier(word)] = .null }
        for word in [".nan", ".NaN", ".NAN"] { words[Identifier(word)] = .float(.nan) }
        for word in [".inf", ".Inf", ".INF"] {
            words[Identifier(word)] = .float(.infinity)
            words[Identifier("+" + word)] = .float(.infinity)
            words[Identifier("-" + word)] = .float(-.infinity)
        }
        return words
    }()

    private func mismatch(_ text: String, _ wanted: YAMLTag) -> Mismatch {
        Mismatch(reason: "cannot decode \(tag.short) `\(text)` as a \(wanted.short)")
    }

    private var tag: YAMLTag {
        switch self {
        case .null: .null
        case .bool: .bool
        case .integer, .unsigned: .integer
        case .float: .float
        case .text: .text
        }
    }
}

/// The tags that mean something to go-yaml; all others leave a scalar text.
enum YAMLTag: String {
    case text = "tag:yaml.org,2002:str"
    case bool = "tag:yaml.org,2002:bool"
    case integer = "tag:yaml.org,2002:int"
    case float = "tag:yaml.org,2002:float"
    case null = "tag:yaml.org,2002:null"
    case binary = "tag:yaml.org,2002:binary"
    case timestamp = "tag:yaml.org,2002:timestamp"

    /// The tag of the key `<<`, whose value's members are taken over.
    static let merge = "tag:yaml.org,2002:merge"

    /// `!!int`.
    var short: String { "!!" + rawValue.dropFirst("tag:yaml.org,2002:".count) }
}
