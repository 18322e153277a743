import Basics
import JSON
import Testing

@testable import Plugins

@Suite("The life of a plug-in's program")
struct PluginLifecycleTests {
    static let wanted = configuration(step: 1)

    static func configuration(step: Int) -> PluginConfiguration {
        PluginConfiguration(
            provider: "counter", program: "1", parameters: ["step": JSONValue(step)], hasPublish: false)
    }

    /// A life as it is after what happened.
    static func life(after inputs: PluginLifecycle.Input...) -> PluginLifecycle {
        var life = PluginLifecycle()
        for input in inputs { _ = life.take(input) }
        return life
    }

    static let started = life(after: .demand(.run(wanted)))
    static let serving = life(after: .demand(.run(wanted)), .ready(run: 1), .configured(run: 1))

    @Test func `a program that is wanted is started, configured when it is ready, and then serves`() {
        var life = PluginLifecycle()
        #expect(life.take(.demand(.run(Self.wanted))).contains(.launch(run: 1, Self.wanted)))
        #expect(life.phase == .starting)
        #expect(life.take(.ready(run: 1)).contains(.configure(run: 1, Self.wanted)))
        #expect(life.phase == .configuring)
        #expect(life.take(.configured(run: 1)).contains(.report([])))
        #expect(life.phase == .running)
    }

    @Test func `what is wanted already changes nothing`() {
        var life = Self.serving
        #expect(life.take(.demand(.run(Self.wanted))).isEmpty)
        #expect(life == Self.serving)
    }

    @Test func `a program that serves is started anew for another configuration`() {
        var life = Self.serving
        let other = Self.configuration(step: 2)
        #expect(life.take(.demand(.run(other))).contains(.stop(run: 1)))
        #expect(life.phase == .stopping)
        #expect(life.take(.ended(run: 1, "exited with status 0")).contains(.launch(run: 2, other)))
    }

    @Test func `a program that nobody wants is stopped, and killed if it does not end`() throws {
        var life = Self.serving
        let effects = life.take(.demand(.hold([])))
        #expect(effects.contains(.stop(run: 1)))
        let alarm = try #require(effects.alarm)
        #expect(alarm.time == PluginLifecycle.stopTime)
        #expect(life.take(.alarm(alarm.number)) == [.kill(run: 1)])
        #expect(life.take(.ended(run: 1, "was ended")) == [.report([])])
        #expect(life.phase == .idle)
    }

    @Test func `a program that is held shows why`() {
        var life = PluginLifecycle()
        #expect(life.take(.demand(.hold(["a param is missing"]))) == [.report(["a param is missing"])])
        #expect(life.phase == .idle)
    }

    @Test func `a program that refuses its configuration is stopped and not started until another is wanted`() {
        var life = Self.life(after: .demand(.run(Self.wanted)), .ready(run: 1))
        let effects = life.take(.refused(run: 1, ["no such step"]))
        #expect(effects.contains(.report(["no such step"])))
        #expect(effects.contains(.stop(run: 1)))
        #expect(life.take(.ended(run: 1, "exited with status 0")).isEmpty)
        #expect(life.phase == .idle)
        #expect(life.take(.demand(.run(Self.configuration(step: 2)))).contains { $0.isLaunch(2) })
    }

    @Test func `a program that ends by itself is started again after a time that grows to a minute`() throws {
        var life = Self.started
        var delays: [Int64] = []
        for run in 1...9 {
            let effects = life.take(.ended(run: run, "exited with status 3"))
            let alarm = try #require(effects.alarm)
            delays.append(alarm.time.components.seconds)
            let told = "The plug-in's program exited with status 3; it is started again after \(delays[run - 1]) s"
            #expect(effects.contains(.report([Identifier(told)])))
            #expect(life.take(.alarm(alarm.number)).contains { $0.isLaunch(run + 1) })
        }
        #expect(delays == [1, 2, 4, 8, 16, 32, 60, 60, 60])
    }

    @Test func `failures are forgotten once a program has served for a while`() throws {
        var life = Self.started
        let first = try #require(life.take(.ended(run: 1, "exited")).alarm)
        _ = life.take(.alarm(first.number))
        _ = life.take(.ready(run: 2))
        let proven = try #require(life.take(.configured(run: 2)).alarm)
        #expect(proven.time == PluginLifecycle.provenTime)
        #expect(life.failures == 1)
        #expect(life.take(.alarm(proven.number)).isEmpty)
        #expect(try #require(life.take(.ended(run: 2, "exited")).alarm).time == .seconds(1))
    }

    @Test func `a program that does not become ready in time is killed, and that is the reason that is shown`() throws {
        var life = PluginLifecycle()
        let alarm = try #require(life.take(.demand(.run(Self.wanted))).alarm)
        #expect(life.take(.alarm(alarm.number)) == [.kill(run: 1)])
        let report = life.take(.ended(run: 1, "was ended by the signal 9")).report ?? []
        #expect(report.first?.text.hasPrefix("The plug-in's program did not say READY! within 30 s") == true)
    }

    @Test func `a program that says why it leaves is quoted`() {
        var life = Self.serving
        #expect(life.take(.leaving(run: 1, "The plug-in ends: no licence")).isEmpty)
        let report = life.take(.ended(run: 1, "exited with status 0")).report ?? []
        #expect(report == ["The plug-in ends: no licence; it is started again after 1 s"])
    }

    @Test(arguments: [
        PluginLifecycle.Input.ready(run: 1), .configured(run: 1), .refused(run: 1, ["late"]), .ended(run: 1, "late"),
        .alarm(1), .alarm(2), .alarm(3),
    ])
    func `what is told of an earlier run or an earlier alarm changes nothing`(late: PluginLifecycle.Input) {
        var life = Self.life(
            after: .demand(.run(Self.wanted)), .ready(run: 1), .ended(run: 1, "exited"), .demand(.hold([])),
            .demand(.run(Self.wanted)))
        let before = life
        #expect(life.run == 2)
        #expect(life.take(late).isEmpty)
        #expect(life == before)
    }

    @Test func `what is wanted of a program that is being stopped counts when it has ended`() {
        var life = Self.serving
        _ = life.take(.demand(.hold([])))
        #expect(!life.isSettling)
        #expect(life.take(.demand(.run(Self.wanted))).isEmpty)
        #expect(life.isSettling)
        #expect(life.take(.ended(run: 1, "exited")).contains(.launch(run: 2, Self.wanted)))
    }
}

extension [PluginLifecycle.Effect] {
    /// The alarm that is set.
    var alarm: (number: Int, time: Duration)? {
        for case .setAlarm(let number, let time) in self { return (number, time) }
        return nil
    }

    /// The errors that are shown.
    var report: [Identifier]? {
        for case .report(let errors) in self { return errors }
        return nil
    }
}

extension PluginLifecycle.Effect {
    /// Whether it starts the program for the run of that number.
    func isLaunch(_ number: Int) -> Bool { if case .launch(number, _) = self { true } else { false } }
}
