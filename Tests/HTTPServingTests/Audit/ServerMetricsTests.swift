import CoreMetrics
import Testing

@testable import HTTPServing

struct MetricsTests {
    @Test func `What is timed through swift-metrics is told as a sum in seconds and a count`() {
        let metrics = ServerMetrics()
        let timer = Timer(label: "muster_test_wait", dimensions: [], factory: metrics)
        #expect(metrics.text.contains("muster_test_wait_seconds_count 0\n"))
        timer.recordSeconds(2)
        // Another timer of the same name counts with the first.
        Timer(label: "muster_test_wait", dimensions: [("more", "x")], factory: metrics).recordMilliseconds(500)
        #expect(
            metrics.text.contains(
                """
                # TYPE muster_test_wait_seconds summary
                muster_test_wait_seconds_sum 2.5
                muster_test_wait_seconds_count 2

                """))
    }

    @Test func `A gauge is told with its newest value, once for each combination of dimensions`() {
        let metrics = ServerMetrics()
        let gauge = Gauge(label: "muster_test_failing", dimensions: [("part", "a")], factory: metrics)
        Gauge(label: "muster_test_failing", dimensions: [("part", "b")], factory: metrics).record(2)
        gauge.record(1)
        gauge.record(0)
        #expect(
            metrics.text.contains(
                """
                # TYPE muster_test_failing gauge
                muster_test_failing{part="a"} 0.0
                muster_test_failing{part="b"} 2.0

                """))
    }
}
