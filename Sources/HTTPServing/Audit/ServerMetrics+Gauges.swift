import Basics
import CoreMetrics
import JSON
import Synchronization

extension ServerMetrics {
    /// The gauges in Prometheus' text format.
    var gaugeText: String {
        gauges.withLock { gauges in
            var text = ""
            var last = Identifier("")
            for (name, level) in gauges.sorted(by: { $0.key < $1.key }) {
                let family = String(name.text.prefix { $0 != "{" })
                if Identifier(family) != last { text += "# TYPE \(family) gauge\n" }
                last = Identifier(family)
                text += "\(name) \(level.value)\n"
            }
            return text
        }
    }
}

/// The newest value of a gauge.
final class Level: RecorderHandler {
    private let newest = Mutex(0.0)

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) { newest.withLock { $0 = value } }

    var value: Double { newest.withLock { $0 } }
}
