import Basics
import Glibc

/// The values of `format` that are checked, with gojsonschema's idea of each.
enum SchemaFormat: String, Sendable, CaseIterable {
    case date, time, hostname, email, ipv4, ipv6, uri, iri, uuid, regex
    case dateTime = "date-time"
    case idnEmail = "idn-email"
    case uriReference = "uri-reference"
    case iriReference = "iri-reference"
    case uriTemplate = "uri-template"
    case jsonPointer = "json-pointer"
    case relativeJSONPointer = "relative-json-pointer"

    /// Whether a string is of this format.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .date: Self.isDate(text)
        case .time: Self.isTime(text)
        case .dateTime: Self.isDateTime(text) || Self.isDate(text) || Self.isTime(text)
        case .hostname: Self.isHostname(text)
        case .email, .idnEmail: MailboxScanner.isMailbox(text)
        case .ipv4: Self.isAddress(text) && text.utf8.contains(UInt8(ascii: "."))
        case .ipv6: Self.isAddress(text) && text.utf8.contains(UInt8(ascii: ":"))
        case .uri, .iri: Self.isReference(text) && URIReference(text)?.scheme != nil
        case .uriReference, .iriReference: Self.isReference(text)
        case .uriTemplate: Self.isReference(text) && Self.hasBalancedBraces(text)
        case .uuid: Self.isUUID(text)
        case .regex: Self.isRegex(text)
        case .jsonPointer: Self.isPointer(text)
        case .relativeJSONPointer: Self.isRelativePointer(text)
        }
    }

    private static func isAddress(_ text: String) -> Bool {
        var address = in6_addr()
        // C would see the text end at a zero.
        guard !text.utf8.contains(0) else { return false }
        return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1
    }

    private static func isHostname(_ text: String) -> Bool {
        text.utf8.count < 256
            && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                    && label.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isReference(_ text: String) -> Bool {
        !text.utf8.contains(UInt8(ascii: "\\")) && URIReference(text) != nil
    }

    private static func hasBalancedBraces(_ text: String) -> Bool {
        var isOpen = false
        for byte in URIReference(text)?.path.utf8 ?? "".utf8 {
            switch byte {
            case UInt8(ascii: "{") where !isOpen: isOpen = true
            case UInt8(ascii: "{"): return false
            case UInt8(ascii: "}"): isOpen = false
            default: break
            }
        }
        return !isOpen
    }

    private static func isUUID(_ text: String) -> Bool {
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.allSatisfy { $0.hexadecimalValue != nil } }
    }

    private static func isRegex(_ text: String) -> Bool {
        do { _ = try LinearRegex(text) } catch { return false }
        return true
    }

    private static func isPointer(_ text: String) -> Bool {
        do { _ = try JSONPointer(text) } catch { return false }
        return true
    }

    private static func isRelativePointer(_ text: String) -> Bool {
        let levels = text.utf8.prefix(while: \.isASCIIDigit)
        guard !levels.isEmpty, levels.count == 1 || levels.first != UInt8(ascii: "0") else { return false }
        let rest = text.utf8.dropFirst(levels.count)
        return rest.elementsEqual("#".utf8) || isPointer(String(Substring(rest)))
    }
}
