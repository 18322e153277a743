import Glibc

/// What tells a file from any other, and from itself after somebody wrote to it: its number, size and time of change.
///
/// A file keeps it when it gets another name.
struct FileSignature: Hashable, Sendable {
    /// Its length as bytes.
    static let length = 24

    private let number: UInt64
    private let size: UInt64
    private let time: UInt64

    /// Of an open file; nil if the system does not tell.
    init?(_ descriptor: Int32) {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return nil }
        self.init(information)
    }

    /// Of the file at `path`, not of what a link leads to; nil if there is no plain file.
    init?(path: String) {
        var information = stat()
        guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(information)
    }

    private init(_ information: stat) {
        number = UInt64(information.st_ino)
        size = UInt64(bitPattern: Int64(information.st_size))
        let seconds = UInt64(bitPattern: Int64(information.st_mtim.tv_sec))
        time = seconds &* 1_000_000_000 &+ UInt64(bitPattern: Int64(information.st_mtim.tv_nsec))
    }

    /// What `bytes` hold; nil if they have another length.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        let numbers = (0..<3).map { part in
            bytes.dropFirst(8 * part).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        (number, size, time) = (numbers[0], numbers[1], numbers[2])
    }

    /// The bytes that are kept.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.length)
        for number in [number, size, time] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}
