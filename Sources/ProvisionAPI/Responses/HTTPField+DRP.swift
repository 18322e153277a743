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
    /// The secret of a trigger that is called.
    static let musterToken = named("X-Muster-Token")
    /// What a caller of triggers tells its calls apart by.
    static let musterDelivery = named("X-Muster-Delivery")
    /// The same, as forges name it.
    static let hubDelivery = named("X-GitHub-Delivery")
    /// A code over the body of a call, made with the trigger's secret.
    static let hubSignature = named("X-Hub-Signature-256")
    /// Marks an answer as one given before.
    static let idempotentReplay = named("Idempotent-Replay")
}
