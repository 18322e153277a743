import Basics
import JSON

/// A URL as Go's `net/url` takes it apart and puts it together.
struct GoURL {
    private var scheme = ""
    private var host = ""
    private var path = ""
    private var query = ""
    private var opaque = ""
    private var fragment = ""

    /// User and password as a URL has them; nil for none.
    private var user: String?

    // MARK: Taking apart

    init(_ text: String) throws(TemplateFailure) {
        let parts = text.parts(between: "#", maxSplits: 1)
        do throws(TemplateFailure) {
            try parse(String(parts[0]))
        } catch {
            throw TemplateFailure("unable to parse url: parse \(GoLiteral.quoted(parts[0])): \(error.message)")
        }
        guard parts.count > 1 else { return }
        do throws(TemplateFailure) {
            fragment = try URLPart.fragment.unescaped(String(parts[1]))
        } catch {
            throw TemplateFailure("unable to parse url: parse \(GoLiteral.quoted(text)): \(error.message)")
        }
    }

    private mutating func parse(_ text: String) throws(TemplateFailure) {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw TemplateFailure("net/url: invalid control character in URL")
        }
        guard !text.hasSameUTF8(as: "*") else {
            path = "*"
            return
        }
        var rest = try takeScheme(text)
        if let mark = rest.firstByteIndex(of: "?") {
            query = String(rest[mark...].dropFirst())
            rest = String(rest[..<mark])
        }
        if !rest.hasBytePrefix("/") {
            guard scheme.isEmpty else {
                opaque = rest
                return
            }
            guard !rest.parts(between: "/", maxSplits: 1)[0].utf8.contains(UInt8(ascii: ":")) else {
                throw TemplateFailure("first path segment in URL cannot contain colon")
            }
        }
        if let authority = rest.after("//"), !scheme.isEmpty || !rest.hasBytePrefix("///") {
            let end = authority.firstByteIndex(of: "/") ?? authority.endIndex
            try parse(authority: String(authority[..<end]))
            rest = String(authority[end...])
        }
        path = try URLPart.path.unescaped(rest)
    }

    /// Takes the scheme, and gives what follows its colon.
    private mutating func takeScheme(_ text: String) throws(TemplateFailure) -> String {
        for (index, byte) in zip(text.utf8.indices, text.utf8) {
            let isFirst = index == text.startIndex
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if isFirst { return text }
            case UInt8(ascii: ":"):
                guard !isFirst else { throw TemplateFailure("missing protocol scheme") }
                scheme = text[..<index].asciiLowercased
                return String(text[text.utf8.index(after: index)...])
            default: return text
            }
        }
        return text
    }

    private mutating func parse(authority: String) throws(TemplateFailure) {
        guard let sign = authority.lastByteIndex(of: "@") else {
            host = try Self.host(authority)
            return
        }
        host = try Self.host(String(authority[sign...].dropFirst()))
        let userinfo = authority[..<sign]
        let allowed = userinfo.utf8.allSatisfy { byte in
            byte.isASCIIAlphanumeric || "-._:~!$&'()*+,;=%@".utf8.contains(byte)
        }
        guard allowed else { throw TemplateFailure("net/url: invalid userinfo") }
        var parts: [String] = []
        for part in userinfo.parts(between: ":", maxSplits: 1) {
            parts.append(URLPart.user.escaped(try URLPart.user.unescaped(String(part))))
        }
        user = parts.joined(separator: ":")
    }

    private static func host(_ text: String) throws(TemplateFailure) -> String {
        if text.hasBytePrefix("[") {
            guard let bracket = text.lastByteIndex(of: "]") else { throw TemplateFailure("missing ']' in host") }
            try check(port: text[bracket...].dropFirst())
            let zone = GoText.split(String(text[..<bracket]), by: "%25", limit: 2)
            guard zone.count == 2 else { return try URLPart.host.unescaped(text) }
            return try URLPart.host.unescaped(zone[0]) + URLPart.zone.unescaped("%25" + zone[1])
                + URLPart.host.unescaped(String(text[bracket...]))
        }
        if let colon = text.lastByteIndex(of: ":") { try check(port: text[colon...]) }
        return try URLPart.host.unescaped(text)
    }

    private static func check(port: Substring) throws(TemplateFailure) {
        let isValid = port.isEmpty || port.hasBytePrefix(":") && port.utf8.dropFirst().allSatisfy(\.isASCIIDigit)
        guard isValid else { throw TemplateFailure("invalid port \(GoLiteral.quoted(port)) after host") }
    }

    /// The host without its port and brackets.
    private var hostname: String {
        var name = host
        if let colon = name.lastByteIndex(of: ":"), name[colon...].utf8.dropFirst().allSatisfy(\.isASCIIDigit) {
            name = String(name[..<colon])
        }
        return name.hasBytePrefix("[") && name.hasByteSuffix("]") ? String(name.dropFirst().dropLast()) : name
    }

    /// The parts as sprig names them.
    var entries: [Identifier: TemplateValue] {
        [
            "scheme": .string(scheme), "host": .string(host), "hostname": .string(hostname), "path": .string(path),
            "query": .string(query), "opaque": .string(opaque), "fragment": .string(fragment),
            "userinfo": .string(user ?? ""),
        ]
    }

    // MARK: Putting together

    init(_ parts: TemplateMap) throws(TemplateFailure) {
        scheme = try Self.text("scheme", of: parts)
        host = try Self.text("host", of: parts)
        path = try Self.text("path", of: parts)
        query = try Self.text("query", of: parts)
        opaque = try Self.text("opaque", of: parts)
        fragment = try Self.text("fragment", of: parts)
        let userinfo = try Self.text("userinfo", of: parts)
        guard !userinfo.isEmpty else { return }
        do throws(TemplateFailure) {
            user = try GoURL("proto://\(userinfo)@host").user
        } catch {
            throw TemplateFailure(error.message.replacing("parse url:", with: "parse userinfo in dict:"))
        }
    }

    private static func text(_ key: String, of parts: TemplateMap) throws(TemplateFailure) -> String {
        guard let value = parts[key] else { return "" }
        guard !value.isNothing else { throw .nilDereference }
        guard case .string(let text) = value else {
            throw TemplateFailure("unable to parse \(key) key, must be of type string, but \(value.kind) found")
        }
        return text
    }

    /// The whole URL.
    var description: String {
        var result = scheme.isEmpty ? "" : scheme + ":"
        if opaque.isEmpty {
            if !host.isEmpty || user != nil || !scheme.isEmpty && !path.isEmpty { result += "//" }
            if let user { result += user + "@" }
            result += URLPart.host.escaped(host)
            let path = self.path.hasSameUTF8(as: "*") ? "*" : URLPart.path.escaped(self.path)
            if !path.isEmpty, !path.hasBytePrefix("/"), !host.isEmpty { result += "/" }
            if result.isEmpty, path.parts(between: "/", maxSplits: 1)[0].utf8.contains(UInt8(ascii: ":")) {
                result += "./"
            }
            result += path
        } else {
            result += opaque
        }
        if !query.isEmpty { result += "?" + query }
        return fragment.isEmpty ? result : result + "#" + URLPart.fragment.escaped(fragment)
    }
}

extension UInt8 {
    /// Whether it is an ASCII letter or digit.
    var isASCIIAlphanumeric: Bool { isASCIIDigit || UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 }
}
