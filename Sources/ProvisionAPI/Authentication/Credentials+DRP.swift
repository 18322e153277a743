import Basics
import HTTPServing
import HTTPTypes
import JSON

extension Credentials {
    /// The credentials of a request (C §11.1): its `Authorization`, or else the argument `token`; nil without either.
    ///
    /// `Basic` with something that is no `user:password` is taken for a token, as the documentation of dr-provision
    /// shows it, and so is `token=user:password` for a password.
    init?(_ headers: HTTPFields, _ query: Substring?) {
        if let authorization = headers.value(of: .authorization) {
            self.init(authorization: authorization, takesBareTokens: true)
        } else if let query, query.mayHold("token"), let token = QueryArguments(query)["token"], !token.isEmpty {
            self = Self(pair: token) ?? .token(token)
        } else {
            return nil
        }
    }
}

extension CredentialReader {
    /// Where dr-provision's clients show their credentials (C §11.1).
    static let provision = CredentialReader {
        Credentials($0, nil)
    } query: {
        Credentials([:], $0)
    }
}

extension Substring {
    /// Whether an argument of that name may be in this query, which is not decoded yet.
    fileprivate func mayHold(_ name: String) -> Bool {
        contains(text: name + "=") || utf8.contains(UInt8(ascii: "%"))
    }
}
