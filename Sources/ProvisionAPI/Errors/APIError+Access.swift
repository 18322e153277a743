import Access
import HTTPServing
import HTTPTypes

extension APIError {
    /// The encoder form of a refusal by access control: the one place where its codes get a status and a `Type` (C §3, §11.1).
    init(_ error: AccessError, to method: HTTPRequest.Method) {
        let (code, type, model) = Self.codeTypeAndModel(error.code, method)
        self.init(code, type, of: model, error.messages)
        retryAfter = error.retryAfter
    }

    private static func codeTypeAndModel(
        _ code: AccessError.Code, _ method: HTTPRequest.Method
    ) -> (Int, String, String) {
        let word = type(of: method)
        return switch code {
        case .missingCredentials, .badCredentials: (401, "", "users")
        case .badToken, .expired: (403, "", "users")
        case .denied: (403, "AUTH", "")
        case .tooManyFailures: (429, "", "users")
        case .busy: (503, "", "users")
        case .badDuration: (400, word, "users")
        case .notFound: (404, word, "users")
        case .notSetUp: (503, word, "users")
        }
    }
}
