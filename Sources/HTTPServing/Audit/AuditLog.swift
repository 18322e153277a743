package import Logging

/// Where lines of the log about one request go: all of them name it, and where it came from.
package struct AuditLog: Sendable {
    package let logger: Logger
    /// The request; nil for what is looked at again later.
    package let id: RequestID?
    /// The client's IP address.
    package let address: String?

    /// The lines of a request.
    package init(logger: Logger, id: RequestID?, address: String?) {
        (self.logger, self.id, self.address) = (logger, id, address)
    }

    /// Writes a line.
    package func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: consuming Logger.Metadata) {
        if let id { metadata["request"] = .string(id.description) }
        if let address { metadata["address"] = .string(address) }
        logger.log(level: level, message, metadata: metadata)
    }

    /// A text of a client that cannot pass for more than one line of the log, nor for a long one.
    package static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.prefix(100).map { scalar in
                scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                    || scalar.value == 0x2028 || scalar.value == 0x2029 ? "\u{FFFD}" : Character(scalar)
            })
    }
}
