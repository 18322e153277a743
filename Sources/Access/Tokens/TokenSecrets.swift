import JSON
import Tracker

/// The secrets that a token depends on; when one of them changes, the token is void (C §11.1).
struct TokenSecrets {
    /// Signs tokens.
    let key: TokenKey
    /// Fingerprint of the others.
    let seal: String

    /// The secrets behind tokens of `subject`, made by `grantor`.
    ///
    /// - Parameters:
    ///   - grantor: a user's name; empty for the server.
    ///   - model: says where the secrets are.
    ///   - reader: looks up the objects that hold the secrets, and remembers them.
    /// - Returns: nil if the server has no secrets, or there is no such user or object.
    init?(
        of subject: Principal.Subject, grantor: String, _ model: AccessModel, _ reader: inout ObjectReader
    ) {
        guard let key = Self.signingKey(model.settings, &reader) else { return nil }
        let settings = model.settings
        guard let system = reader.text(settings.valueField, of: settings.typeName, settings.systemSecret) else {
            return nil
        }
        let own: String?
        switch subject {
        case .user(let name): own = reader.text("Secret", of: "users", name)
        case .agent(let kind, let key):
            own = model.agent(kind).flatMap { reader.text($0.secretField, of: $0.typeName, key) }
        case .service: own = ""
        }
        guard let own, let theirs = grantor.isEmpty ? "" : reader.text("Secret", of: "users", grantor) else {
            return nil
        }
        self.key = key
        seal = key.seal([system, subject.description, own, grantor, theirs])
    }

    /// The key that signs tokens; nil if the server has none.
    static func signingKey(_ settings: SettingsModel, _ reader: inout ObjectReader) -> TokenKey? {
        let base = reader.text(settings.valueField, of: settings.typeName, settings.signingSecret)
        guard let base, !base.isEmpty else { return nil }
        return TokenKey(base)
    }
}
