import Basics
import HTTPServing
import HTTPTypes
import JSON
import Tracker

/// What a caller shows to be known (C §11.1).
enum Credentials: Sendable, Equatable {
    /// A user's name and password.
    case password(user: String, password: String)
    /// A token that the server once issued.
    case token(String)
    /// A certificate, verified by TLS, for a user.
    case certificate(user: String)

    /// The credentials of a request: its `Authorization`, or else the argument `token`; nil without either.
    ///
    /// `Basic` with something that is no `user:password` is taken for a token, as the documentation of dr-provision
    /// shows it, and so is `token=user:password` for a password.
    init?(_ headers: HTTPFields, _ query: Substring?) {
        if let authorization = headers.value(of: .authorization) {
            self.init(authorization: authorization)
        } else if let query, query.mayHold("token"), let token = QueryArguments(query)["token"], !token.isEmpty {
            self = Self.pair(token) ?? .token(token)
        } else {
            return nil
        }
    }

    private init?(authorization: String) {
        guard let space = authorization.utf8.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let text = authorization[authorization.utf8.index(after: space)...]
        let scheme = authorization.utf8[..<space]
        if scheme.isASCIIWord("bearer") {
            self = .token(String(text))
        } else if scheme.isASCIIWord("basic") {
            let decoded = Base64.decode(String(text)).map { String(decoding: $0, as: UTF8.self) }
            self = decoded.flatMap(Self.pair) ?? .token(String(text))
        } else {
            return nil
        }
    }

    private static func pair(_ text: String) -> Credentials? {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return .password(user: String(text[..<colon]), password: String(text[text.utf8.index(after: colon)...]))
    }
}

extension Substring {
    /// Whether an argument of that name may be in this query, which is not decoded yet.
    fileprivate func mayHold(_ name: String) -> Bool {
        contains(text: name + "=") || utf8.contains(UInt8(ascii: "%"))
    }
}

extension Substring.UTF8View {
    /// Whether these are the letters of `word`, which are small, in any case.
    fileprivate func isASCIIWord(_ word: StaticString) -> Bool {
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        return count == letters.count && zip(self, letters).allSatisfy { $0 | 0x20 == $1 }
    }
}

extension Credentials {
    /// Whether both show the same bytes.
    static func == (left: Credentials, right: Credentials) -> Bool {
        switch (left, right) {
        case (.password(let one, let secret), .password(let other, let otherSecret)):
            one.hasSameUTF8(as: other) && secret.hasSameUTF8(as: otherSecret)
        case (.token(let one), .token(let other)): one.hasSameUTF8(as: other)
        case (.certificate(let one), .certificate(let other)): one.hasSameUTF8(as: other)
        default: false
        }
    }
}
