import Basics
import JSON
import Tracker

/// A password's hash in the text form `N$r$p$<salt>$<key>`, the last two in hexadecimal (C §11.1).
public struct ScryptHash: Sendable, Hashable {
    /// What makes the hash slow.
    public let cost: Cost
    /// Makes equal passwords differ.
    public let salt: [UInt8]
    /// The result of scrypt (RFC 7914).
    public let key: [UInt8]

    /// The parameters of scrypt (RFC 7914 §2).
    public struct Cost: Sendable, Hashable {
        /// N: memory and time; a power of two.
        public let rounds: Int
        /// r: the block size, in units of 128 bytes.
        public let blockSize: Int
        /// p: how many times over.
        public let parallelism: Int

        /// What new hashes have.
        public static let standard = Cost(unchecked: 16384, 8, 1)
        /// The most memory that a hash may take, in bytes.
        static let memoryLimit = 64 << 20
        /// The most time that a hash may take, as N·r·p; eight times that of the standard.
        static let workLimit = 1 << 20

        private init(unchecked rounds: Int, _ blockSize: Int, _ parallelism: Int) {
            self.rounds = rounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// A cost; nil if scrypt does not take it, or if it is so high that a stored hash could bring the server down.
        public init?(rounds: Int, blockSize: Int, parallelism: Int) {
            let limit = Self.workLimit
            guard 2...limit ~= rounds, rounds.nonzeroBitCount == 1, 1...limit ~= blockSize, 1...limit ~= parallelism
            else {
                return nil
            }
            guard rounds * blockSize <= Self.memoryLimit / 128, rounds * blockSize * parallelism <= limit else {
                return nil
            }
            self.init(unchecked: rounds, blockSize, parallelism)
        }
    }

    /// A hash of known parts.
    public init(cost: Cost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Parses the text form; nil if `text` is not that, or if its parameters are beyond sense.
    public init?(_ text: String) {
        guard text.utf8.count <= 1024 else { return nil }
        let parts = text.parts(between: "$")
        guard parts.count == 5, let rounds = Self.number(parts[0]), let blockSize = Self.number(parts[1]),
            let parallelism = Self.number(parts[2]), let salt = Hexadecimal.decode(parts[3]),
            let key = Hexadecimal.decode(parts[4]), 8...128 ~= salt.count, 16...128 ~= key.count,
            let cost = Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        else { return nil }
        self.init(cost: cost, salt: salt, key: key)
    }

    /// The hash in a user's `PasswordHash` field; nil if there is none that can be used.
    init?(field: String) {
        guard !field.isEmpty, let bytes = Base64.decode(field) else { return nil }
        self.init(String(decoding: bytes, as: UTF8.self))
    }

    /// The text form.
    public var text: String {
        "\(cost.rounds)$\(cost.blockSize)$\(cost.parallelism)$\(Hexadecimal.encode(salt))$\(Hexadecimal.encode(key))"
    }

    /// The value of a user's `PasswordHash` field: the text form in base64.
    public var fieldText: String { Base64.encode(Array(text.utf8)) }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.count <= 10 && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? Int(text) : nil
    }
}
