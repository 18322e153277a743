import Basics
import Synchronization
import Templates
import Testing

/// No template takes more than its limits, whatever it does.
@Suite struct LimitTests {
    private func limit(
        reachedBy text: String, _ data: TemplateValue = .missing, limits: TemplateLimits = TemplateLimits(),
        environment: Environment = Environment()
    ) throws -> TemplateLimits.Kind? {
        let template = try parse(text)
        do throws(TemplateExecutionError) {
            _ = try template.execute(data, options: TemplateOptions(limits: limits), environment: environment)
            return nil
        } catch {
            return error.limit
        }
    }

    @Test func `a template that calls itself without end reaches the limit of depth`() throws {
        let limits = TemplateLimits()
        let template = try parse("{{define `a`}}{{template `a`}}{{end}}{{template `a`}}")
        do throws(TemplateExecutionError) {
            _ = try template.execute(.missing)
            Issue.record("it ended")
        } catch {
            let place = "template: t:1:25: executing \"a\" at <{{template \"a\"}}>: "
            #expect(error.description == place + "exceeded maximum template depth (\(limits.calls))")
        }
    }

    @Test func `blocks within called templates count as depth too`() throws {
        let open = String(repeating: "{{if true}}", count: 50)
        let close = String(repeating: "{{end}}", count: 50)
        #expect(try limit(reachedBy: "{{define `a`}}\(open){{template `a`}}\(close){{end}}{{template `a`}}") == .depth)
    }

    @Test func `loops reach the limit of steps`() throws {
        let list = TemplateValue.list(TemplateList(Array(repeating: .int(1), count: 1000)))
        let text = "{{range .}}{{range $}}{{range $}}{{end}}{{end}}{{end}}"
        #expect(try limit(reachedBy: text, list, limits: TemplateLimits(steps: 100_000)) == .steps)
        #expect(try limit(reachedBy: "{{range .}}{{.}}{{end}}", list, limits: TemplateLimits(steps: 100_000)) == nil)
    }

    @Test func `much output reaches its limit`() throws {
        let list = TemplateValue.list(TemplateList(Array(repeating: .int(1), count: 1000)))
        let text = "{{range .}}0123456789{{end}}"
        #expect(try limit(reachedBy: text, list, limits: TemplateLimits(output: 9999)) == .output)
        #expect(try limit(reachedBy: text, list, limits: TemplateLimits(output: 10_000)) == nil)
    }

    @Test func `long text that is never shown reaches the limit of output`() throws {
        #expect(try limit(reachedBy: "{{$x := printf `%999999d` 1}}", limits: TemplateLimits(output: 1000)) == .output)
        let doubling = String(repeating: "{{$x = print $x $x}}", count: 60)
        #expect(try limit(reachedBy: "{{$x := `x`}}\(doubling)") == .output)
    }

    @Test func `a clock that runs fast reaches the limit of time`() throws {
        let list = TemplateValue.list(TemplateList(Array(repeating: .int(1), count: 10_000)))
        let environment = Environment(clock: HastyClock())
        #expect(try limit(reachedBy: "{{range .}}{{end}}", list, environment: environment) == .time)
    }
}

/// A clock whose every steady reading is an hour later than the one before.
private final class HastyClock: TimeSource {
    private let start = ContinuousClock.now
    private let readings = Atomic(0)

    func now() -> Timestamp { .zero }

    func instant() -> ContinuousClock.Instant {
        start + .seconds(3600 * readings.add(1, ordering: .relaxed).newValue)
    }

    func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {}
}
