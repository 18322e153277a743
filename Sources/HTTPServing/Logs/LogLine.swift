package import Basics
import JSON
package import Logging

/// One line of the log.
package struct LogLine: Sendable {
    package let sequence: Int
    package let time: Timestamp
    package let service: String
    package let level: Logger.Level
    package let file: String
    package let line: Int
    package let content: Content

    /// What it says.
    package enum Content: Sendable {
        case text(Logger.Message, Logger.Metadata)
        case request(RequestLine)
    }

    /// The line's text.
    package var message: String {
        switch content {
        case .text(let message, _): message.description
        case .request(let line): line.message.description
        }
    }

    /// What it says beside that.
    package var metadata: Logger.Metadata {
        switch content {
        case .text(_, let metadata): metadata
        case .request(let line): line.metadata
        }
    }
}
