import Basics
package import HTTPTypes

/// The cookie that names a browser's session (RFC 6265): out of reach of scripts, and not sent along from other sites.
package struct SessionCookie: Sendable {
    /// The cookie's name. Over TLS it begins with `__Host-`, which browsers take from this host over TLS only.
    package let name: String
    private let path: String
    private let isSecure: Bool

    /// A cookie.
    ///
    /// - Parameters:
    ///   - name: its name, of letters only.
    ///   - path: below which paths it is sent, where there is no TLS. With TLS it is the whole host, as `__Host-` demands.
    ///   - isSecure: whether the facade is served over TLS.
    package init(_ name: String, path: String, isSecure: Bool) {
        self.name = isSecure ? "__Host-" + name : name
        self.path = isSecure ? "/" : path
        self.isSecure = isSecure
    }

    /// What the cookie says in the fields of a head; nil without it.
    package func value(in headers: HTTPFields) -> String? {
        for field in headers where field.name == .cookie {
            for pair in field.value.parts(between: ";") {
                let trimmed = pair.drop { $0 == " " }
                guard let equals = trimmed.firstByteIndex(of: "="), trimmed[..<equals].hasSameUTF8(as: name) else {
                    continue
                }
                return String(trimmed[trimmed.utf8.index(after: equals)...])
            }
        }
        return nil
    }

    /// The field that has a browser keep the cookie until it is closed.
    package func field(_ value: String) -> HTTPField { HTTPField(name: .setCookie, value: text(value)) }

    /// The field that has a browser forget the cookie.
    package var clearing: HTTPField { HTTPField(name: .setCookie, value: text("") + "; Max-Age=0") }

    private func text(_ value: String) -> String {
        "\(name)=\(value); Path=\(path); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }
}
