import Basics

/// How a file is sent, as server and client have agreed (RFC 2348, 2349, 7440).
struct TFTPTerms: Sendable, Hashable {
    /// The bytes of a block.
    private(set) var blockSize = 512
    /// How many blocks are sent before an acknowledgement is waited for.
    private(set) var windowSize = 1
    /// How long an acknowledgement is waited for before blocks are sent again, in seconds.
    private(set) var timeout = 1
    /// The options that were agreed on, as the client is told them; empty if it asked for none.
    private(set) var agreed: [(name: String, value: String)] = []

    /// How many bytes a window has at the most: more overruns the buffers of clients.
    private static let largestWindow = 64 << 10

    /// The terms that a client asks for, as far as they can be met. What the server does not know is left out.
    ///
    /// - Parameter size: of the file, in bytes.
    init(_ options: [(name: String, value: String)], size: Int) {
        for (name, value) in options {
            guard let number = Int(value), !agreed.contains(where: { $0.name.hasSameUTF8(as: name) }) else { continue }
            switch name {
            case "blksize":
                guard number >= 8 else { continue }
                blockSize = min(number, 65_464)
                agreed.append((name, String(blockSize)))
            case "timeout":
                guard (1...255).contains(number) else { continue }
                timeout = number
                agreed.append((name, value))
            // Clients in wide use take a size of zero for a mistake.
            case "tsize": if size > 0 { agreed.append((name, String(size))) }
            case "windowsize":
                guard (1...65_535).contains(number) else { continue }
                windowSize = number
                agreed.append((name, ""))
            default: continue
            }
        }
        windowSize = max(1, min(windowSize, Self.largestWindow / blockSize))
        for place in agreed.indices where agreed[place].name.hasSameUTF8(as: "windowsize") {
            agreed[place].value = String(windowSize)
        }
    }

    static func == (one: TFTPTerms, other: TFTPTerms) -> Bool {
        one.blockSize == other.blockSize && one.windowSize == other.windowSize && one.timeout == other.timeout
    }

    func hash(into hasher: inout Hasher) { hasher.combine(blockSize) }
}
