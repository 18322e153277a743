import Logging
import Metrics
import Store

/// Tells the log and the metrics what of a store fails as soon as it does, and not only when somebody writes.
struct StoreAlarm: Sendable {
    private let logger: Logger
    private let gauges: [StoreCondition.Part: Gauge]

    init(logger: Logger) {
        self.logger = logger
        gauges = Dictionary(
            uniqueKeysWithValues: StoreCondition.Part.allCases.map { part in
                (part, Gauge(label: "muster_store_failing", dimensions: [("part", part.rawValue)]))
            })
        for gauge in gauges.values { gauge.record(0) }
    }

    /// Tells that a part fails, or works again.
    func tell(_ part: StoreCondition.Part, _ error: StoreError?) {
        gauges[part]?.record(error == nil ? 0 : 1)
        guard let error else {
            return logger.notice("a part of the store works again", metadata: ["part": "\(part.rawValue)"])
        }
        let what =
            switch part {
            case .journal: "the journal cannot be written: writes take longer"
            case .checkpointing:
                "the journal cannot be taken into the store: writes fail until it can, and nothing is lost"
            }
        logger.error("\(what)", metadata: ["part": "\(part.rawValue)", "cause": "\(error)"])
    }
}
