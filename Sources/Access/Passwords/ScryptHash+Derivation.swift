import CSodium

/// Making and checking hashes. Both take tens of milliseconds and 16 MiB at the standard cost, and block their thread.
extension ScryptHash {
    /// The hash of `password`.
    ///
    /// - Parameter salt: fresh random bytes; sixteen are usual.
    /// - Returns: nil if the memory cannot be had.
    public init?(password: String, salt: [UInt8], cost: Cost = .standard) {
        guard let key = Self.derive(password, salt, cost, length: 32) else { return nil }
        self.init(cost: cost, salt: salt, key: key)
    }

    /// Whether this is the hash of `password`; false also if the memory to find out cannot be had.
    public func matches(_ password: String) -> Bool {
        guard let derived = Self.derive(password, salt, cost, length: key.count) else { return false }
        return sodium_memcmp(derived, key, key.count) == 0
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ cost: Cost, length: Int) -> [UInt8]? {
        guard Sodium.isReady else { return nil }
        var password = Array(password.utf8)
        defer { sodium_memzero(&password, password.count) }
        var key = [UInt8](repeating: 0, count: length)
        let status = crypto_pwhash_scryptsalsa208sha256_ll(
            password, password.count, salt, salt.count, UInt64(cost.rounds), UInt32(cost.blockSize),
            UInt32(cost.parallelism), &key, length)
        return status == 0 ? key : nil
    }
}
