import Basics
import NIOCore

/// What clients of TFTP send (RFC 1350 §5, RFC 2347).
enum TFTPRequest: Sendable, Hashable {
    /// A file is asked for.
    case read(TFTPReadRequest)
    /// A file is to be written, which nobody may.
    case write
    /// Everything up to a block has come.
    case acknowledgement(UInt16)
    /// The client gives up.
    case error

    /// What a datagram asks; nil if it is none of these.
    init?(_ datagram: ByteBuffer) {
        var rest = datagram
        guard let operation = rest.readInteger(as: UInt16.self) else { return nil }
        switch operation {
        case 1:
            guard let request = TFTPReadRequest(rest) else { return nil }
            self = .read(request)
        case 2: self = .write
        case 4:
            guard let block = rest.readInteger(as: UInt16.self) else { return nil }
            self = .acknowledgement(block)
        case 5: self = .error
        default: return nil
        }
    }
}

/// A file that is asked for, and how it is to come.
struct TFTPReadRequest: Sendable, Hashable {
    /// How the bytes of a file are sent.
    enum Mode: Sendable {
        /// As they are.
        case octet
        /// With the ends of lines of a terminal (RFC 764).
        case netascii
    }

    /// The name as the client spells it.
    let name: String
    let mode: Mode
    /// What it would like, in small letters, in order.
    let options: [(name: String, value: String)]

    /// How many options are read.
    private static let mostOptions = 16

    init?(_ datagram: ByteBuffer) {
        var texts = Self.texts(in: datagram)[...]
        guard let name = texts.popFirst(), !name.isEmpty, let mode = texts.popFirst()?.asciiLowercased else {
            return nil
        }
        switch mode {
        case "octet", "binary": self.mode = .octet
        case "netascii": self.mode = .netascii
        default: return nil
        }
        self.name = name
        var options: [(name: String, value: String)] = []
        while let name = texts.popFirst(), let value = texts.popFirst(), options.count < Self.mostOptions {
            options.append((name.asciiLowercased, value))
        }
        self.options = options
    }

    /// The texts that end in a zero byte.
    private static func texts(in datagram: ByteBuffer) -> [String] {
        let parts = datagram.readableBytesView.split(separator: 0, omittingEmptySubsequences: false)
        return parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
    }

    static func == (one: TFTPReadRequest, other: TFTPReadRequest) -> Bool {
        one.name.hasSameUTF8(as: other.name) && one.mode == other.mode
            && one.options.elementsEqual(other.options) {
                $0.name.hasSameUTF8(as: $1.name) && $0.value.hasSameUTF8(as: $1.value)
            }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(Identifier(name)) }
}

/// What the server sends.
enum TFTPAnswer {
    /// The codes of errors (RFC 1350, appendix; RFC 2347 §2).
    enum Failure: UInt16 {
        case other = 0
        case notFound, accessViolation, diskFull, illegalOperation, unknownTransfer
    }

    /// A refusal.
    static func error(_ failure: Failure, _ message: String) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt16(5))
        buffer.writeInteger(failure.rawValue)
        buffer.writeString(String(message.prefix(200)))
        buffer.writeInteger(UInt8(0))
        return buffer
    }

    /// The options that are agreed on.
    static func options(_ options: [(name: String, value: String)]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt16(6))
        for (name, value) in options {
            for text in [name, value] {
                buffer.writeString(text)
                buffer.writeInteger(UInt8(0))
            }
        }
        return buffer
    }

    /// A block.
    static func data(_ block: UInt16, _ bytes: ByteBuffer) -> ByteBuffer {
        var (buffer, bytes) = (ByteBufferAllocator().buffer(capacity: 4 + bytes.readableBytes), bytes)
        buffer.writeInteger(UInt16(3))
        buffer.writeInteger(block)
        buffer.writeBuffer(&bytes)
        return buffer
    }
}
