import Basics
import Tracker

/// What in a path may stand for a machine: ids, names, IP and hardware addresses, as boot loaders spell them.
struct PathMentions {
    /// One of them.
    enum Mention {
        case uuid(String)
        case address(String)
        case hardwareAddress(String)
        case name(String)
    }

    /// All of them, those that are most telling first, a few at the most.
    private(set) var all: [Mention] = []

    /// How many parts of a path are looked at: those that people give files have few.
    private static let mostParts = 16

    /// Finds them in a path.
    init(_ path: String) {
        for segment in path.parts(between: "/").prefix(Self.mostParts) where !segment.isEmpty {
            let whole = String(segment)
            take(whole)
            // A name has points itself, and may have an ending behind it.
            if let point = whole.utf8.lastIndex(of: UInt8(ascii: ".")) { take(String(whole[..<point])) }
        }
    }

    private mutating func take(_ text: String) {
        if let uuid = UUIDText.canonical(text) { all.append(.uuid(uuid)) }
        if let address = IPAddress(text) {
            all.append(.address(address.description))
        } else if text.utf8.count == 8, let bytes = Hexadecimal.decode(text), let address = IPAddress(bytes: bytes) {
            all.append(.address(address.description))
        }
        for spelling in [text, String(text.dropFirst(3))] where MACAddress(spelling) != nil {
            all.append(.hardwareAddress(spelling))
        }
        all.append(.name(text))
    }
}

extension TemplateSource {
    /// Whether its path may have nothing in it that stands for the machine.
    var mayLackMention: Bool { !path.isEmpty && (readsParams || !path.contains(text: ".Machine.")) }

    /// Whether its path may depend on params.
    var readsParams: Bool {
        ["Param", "emplate", "Expand", "Repos"].contains { path.contains(text: $0) }
    }
}
