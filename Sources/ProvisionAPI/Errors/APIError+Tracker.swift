import HTTPServing
public import HTTPTypes
public import Tracker

extension APIError {
    /// The encoder form of the tracker's refusal of a request by `method`: the one place where its codes get a status and a
    /// `Type` (C §3).
    public init(_ error: TrackerError, to method: HTTPRequest.Method) {
        let (code, type) = Self.codeAndType(error.code, method)
        self.init(code, type, of: error.typeName, key: error.key, error.messages)
        // Uploads of new packs are refused without naming the pack but in the messages.
        guard method == .post, error.code == .packRefused || error.code == .badPack else { return }
        key = ""
        if error.code == .badPack { model = "" }
    }

    private static func codeAndType(_ code: TrackerError.Code, _ method: HTTPRequest.Method) -> (Int, String) {
        let word = type(of: method)
        let isUpload = method == .post
        return switch code {
        case .denied: (403, "AUTH")
        case .notFound, .hidden: (404, word)
        case .alreadyExists: (409, "CREATE")
        case .emptyKey: (400, "CREATE")
        case .undecodable, .malformedPatch, .keyChanged: (400, word)
        case .invalid: (422, "ValidationError")
        case .patchFailed: (409, "PATCH")
        case .stillInUse: (409, "StillInUseError")
        case .readOnly: (409, word)
        case .locked: (422, word)
        case .badQuery: (406, word)
        case .packRefused: (422, isUpload ? "STORE_ERROR" : word)
        case .badPack: (422, isUpload ? "Failed to load backing objects from cache" : word)
        case .unnamedPack: (422, word)
        case .conflict: (409, "Conflict")
        case .preconditionFailed: (412, word)
        case .overBudget: (422, word)
        case .forgotten: (410, word)
        case .unavailable, .cancelled: (503, word)
        case .internalFault: (500, word)
        }
    }
}
