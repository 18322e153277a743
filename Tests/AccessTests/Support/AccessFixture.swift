import Basics
import BasicsTesting
import JSON
import Logging
import Provisioning
import Store
import StoreTesting
import Synchronization
import Tracker

@testable import Access

/// A tracker of the types that access control knows, an authenticator over it, and a clock for both.
///
/// It holds the preferences with the token secrets, the role `superuser`, and the user `rocketskates`.
struct AccessFixture {
    let clock = ManualClock()
    let scopes: Scopes
    let tracker: DataTracker
    let authenticator: Authenticator

    static let scopes = Scopes(
        .provisioning,
        prefixes: [
            "machines", "jobs", "stages", "profiles", "tasks", "templates", "params", "preferences", "reservations",
        ])
    static let machine = "3f0d2a5e-9f5a-4c8d-8a53-0b6d3c6f1d11"

    init(limits: PasswordVerifier.Limits = PasswordVerifier.Limits()) async throws {
        let clock = clock
        let bytes = Mutex(SeededGenerator(seed: 1))
        let environment = Environment(
            clock: clock,
            randomBytes: { count in
                bytes.withLock { generator in (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
            })
        scopes = Self.scopes
        (tracker, _) = try DataTracker.open(
            store: MemoryStore(),
            catalog: Catalog(
                AccessTypes.guarding(
                    [Domain("test", typePrefix: nil, types: Self.types, layers: .provisioning)], scopes: scopes,
                    conventions: .provisioning)), writable: [:],
            packs: [],
            environment: environment, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        authenticator = Authenticator(scopes: scopes, environment: environment, limits: limits)
        try await commit { draft throws(TrackerError) in
            try draft.createAsServer(
                "preferences", ["Name": "baseTokenSecret", "Val": .string(String(repeating: "b", count: 32))])
            try draft.createAsServer("preferences", ["Name": "systemGrantorSecret", "Val": "system secret"])
            try draft.createAsServer("roles", ["Name": "superuser", "Claims": [Claim.everything.value]])
            try DefaultUser.account.create(in: &draft, hash: Self.defaultHash)
        }
    }

    /// The newest state.
    var snapshot: Snapshot { tracker.snapshot }

    @discardableResult
    func commit<Value: Sendable>(
        as principal: String = "user:test", _ body: @escaping @Sendable (inout Draft) throws(TrackerError) -> Value
    ) async throws(TrackerError) -> Value {
        try await tracker.commit(TrackerRequest(id: "test", principal: principal), body).value
    }

    /// Creates a user with a password whose hash costs next to nothing.
    func addUser(_ name: String, password: String = "secret", roles: [String] = []) async throws {
        let hash = try Self.cheapHash(password)
        try await commit { draft throws(TrackerError) in
            try draft.create(
                "users", ["Name": .string(name), "Roles": JSONValue(roles), "PasswordHash": .string(hash.fieldText)])
        }
    }

    func addRole(_ name: String, _ claims: Claim...) async throws {
        let claims = JSONValue.array(claims.map(\.value))
        try await commit { draft throws(TrackerError) in
            try draft.create("roles", ["Name": .string(name), "Claims": claims])
        }
    }

    /// What somebody holds who logs in with a password.
    func login(
        _ user: String, _ password: String = "secret", from address: String? = "192.0.2.1"
    ) async throws(AccessError) -> Principal {
        try await authenticator.principal(basic: user, password: password, address: address, in: snapshot)
    }

    /// What somebody holds who shows a token.
    func bearer(_ token: String) throws(AccessError) -> Principal {
        try authenticator.principal(bearer: token, in: snapshot)
    }

    func token(_ order: TokenRequest) throws(AccessError) -> String {
        try authenticator.issueToken(order, in: snapshot)
    }
}

extension AccessFixture {
    struct NoHash: Error {}

    static func cheapHash(_ password: String) throws -> ScryptHash {
        guard let cost = ScryptHash.Cost(rounds: 2, blockSize: 1, parallelism: 1),
            let hash = ScryptHash(
                password: password, salt: Array(password.utf8.prefix(8)) + [UInt8](repeating: 7, count: 8), cost: cost)
        else { throw NoHash() }
        return hash
    }

    /// The hash of the default password, computed with Python's `hashlib.scrypt`.
    static let defaultHash = ScryptHash(
        cost: .standard, salt: Array(0...15),
        key: Hexadecimal.decode("f0aec9179db7b604da6c948ca27734a766758fdadd968f5736f44ab9c0423a7b") ?? [])

    private static let types = [
        ObjectType(
            "preferences", ObjectSchema("Pref", Field.meta + [Field("Name", .string), Field("Val", .string)]),
            key: .text("Name"), traits: [.internalOnly], conventions: .provisioning),
        ObjectType(
            "machines",
            ObjectSchema(
                "Machine", Field.common + [Field("Uuid", .uuid), Field("Name", .string), Field("Secret", .string)]),
            key: .uuid("Uuid"), conventions: .provisioning),
        ObjectType(
            "stages", ObjectSchema("Stage", Field.common + [Field("Name", .string), Field("Description", .string)]),
            key: .text("Name"), conventions: .provisioning),
    ]
}
