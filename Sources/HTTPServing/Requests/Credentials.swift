import Basics
package import HTTPTypes
import JSON

/// What a caller shows to be known, whatever facade it asks.
package enum Credentials: Sendable, Equatable {
    /// A user's name and password.
    case password(user: String, password: String)
    /// A token or key that the server once issued.
    case token(String)
    /// A certificate, verified by TLS, for a user.
    case certificate(user: String)

    /// The credentials in a value of `Authorization`: of the scheme `Basic` (RFC 7617) or `Bearer` (RFC 6750); nil for others.
    ///
    /// - Parameter takesBareTokens: whether `Basic` with something that is no `user:password` is taken for a token.
    package init?(authorization: String, takesBareTokens: Bool = false) {
        guard let space = authorization.utf8.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let text = authorization[authorization.utf8.index(after: space)...]
        let scheme = authorization.utf8[..<space]
        if scheme.isASCIIWord("bearer") {
            self = .token(String(text))
        } else if scheme.isASCIIWord("basic") {
            let decoded = Base64.decode(String(text)).map { String(decoding: $0, as: UTF8.self) }
            if let pair = decoded.flatMap(Self.init(pair:)) {
                self = pair
            } else if takesBareTokens {
                self = .token(String(text))
            } else {
                return nil
            }
        } else {
            return nil
        }
    }

    /// The password in `user:password`; nil for a text without a colon.
    package init?(pair text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        self = .password(user: String(text[..<colon]), password: String(text[text.utf8.index(after: colon)...]))
    }

    /// Whether both show the same bytes.
    package static func == (left: Credentials, right: Credentials) -> Bool {
        switch (left, right) {
        case (.password(let one, let secret), .password(let other, let otherSecret)):
            one.hasSameUTF8(as: other) && secret.hasSameUTF8(as: otherSecret)
        case (.token(let one), .token(let other)): one.hasSameUTF8(as: other)
        case (.certificate(let one), .certificate(let other)): one.hasSameUTF8(as: other)
        default: false
        }
    }
}

/// Where a facade's clients show their credentials.
package struct CredentialReader: Sendable {
    /// The credentials in the fields of a head; nil if they show none.
    package let fields: @Sendable (HTTPFields) -> Credentials?
    /// The credentials in a query, asked where the fields show none.
    package let query: @Sendable (Substring) -> Credentials?

    /// A reader of fields and, if wanted, of the query.
    package init(
        fields: @escaping @Sendable (HTTPFields) -> Credentials?,
        query: @escaping @Sendable (Substring) -> Credentials? = { _ in nil }
    ) {
        (self.fields, self.query) = (fields, query)
    }

    /// `Authorization` with Basic or Bearer.
    package static let authorization = CredentialReader { headers in
        headers.value(of: .authorization).flatMap { Credentials(authorization: $0) }
    }

    /// A field of the facade's own, whose value is a key: `X-Api-Key: …`.
    package static func field(_ name: HTTPField.Name) -> CredentialReader {
        CredentialReader { headers in headers.value(of: name).map { .token($0) } }
    }
}

extension Substring.UTF8View {
    /// Whether these are the letters of `word`, which are small, in any case.
    fileprivate func isASCIIWord(_ word: StaticString) -> Bool {
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        return count == letters.count && zip(self, letters).allSatisfy { $0 | 0x20 == $1 }
    }
}
