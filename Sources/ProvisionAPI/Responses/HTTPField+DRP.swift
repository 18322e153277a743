import HTTPServing
import HTTPTypes

extension HTTPField.Name {
    /// Rows of this page (C §2.2).
    static let listCount = named("X-Drp-List-Count")
    /// Rows that the filters let through.
    static let listFilterCount = named("X-Drp-List-Filter-Count")
    /// Rows that the asker may see.
    static let listTotalCount = named("X-Drp-List-Total-Count")
    /// The log level for this one request (C §2).
    static let logRequest = named("X-Log-Request")
    /// Text that the log is to hold.
    static let logToken = named("X-Log-Token")
    /// Why a change is made, for its record.
    static let changeReason = named("X-Change-Reason")
    /// Makes a write safe to send again.
    static let idempotencyKey = named("Idempotency-Key")
    /// Marks an answer as one given before.
    static let idempotentReplay = named("Idempotent-Replay")
}
