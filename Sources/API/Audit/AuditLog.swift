import Logging

/// Where lines of the log about one request go: all of them name it, and where it came from.
struct AuditLog: Sendable {
    let logger: Logger
    /// The request; nil for what is looked at again later.
    let id: RequestID?
    /// The client's IP address.
    let address: String?

    /// Writes a line.
    func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: consuming Logger.Metadata) {
        if let id { metadata["request"] = .string(id.description) }
        if let address { metadata["address"] = .string(address) }
        logger.log(level: level, message, metadata: metadata)
    }

    /// A text of a client that cannot pass for more than one line of the log, nor for a long one.
    static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.prefix(100).map { scalar in
                scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                    || scalar.value == 0x2028 || scalar.value == 0x2029 ? "\u{FFFD}" : Character(scalar)
            })
    }
}
