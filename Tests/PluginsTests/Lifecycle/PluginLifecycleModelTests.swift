import Basics
import JSON
import StoreTesting
import Testing

@testable import Plugins

/// Random lives: whatever happens in whatever order, there is never more than one program, none runs for ever that nobody wants,
/// and the life always comes to rest.
@Suite("Random lives of a plug-in's program")
struct PluginLifecycleModelTests {
    /// A world that does what the life says, and answers at random.
    private struct World {
        var life = PluginLifecycle()
        var random: SeededGenerator
        /// The run that is a process at present.
        var process: Int?
        var alarm: Int?
        var launches = 0

        mutating func take(_ input: PluginLifecycle.Input) {
            for effect in life.take(input) {
                switch effect {
                case .launch(let run, _):
                    #expect(process == nil, "two programs run at once")
                    (process, launches) = (run, launches + 1)
                case .kill(let run): if process == run { end() }
                case .stop(let run): if process == run, Bool.random(using: &random) { end() }
                case .setAlarm(let number, _): alarm = number
                case .configure, .report: break
                }
            }
        }

        mutating func end() {
            guard let run = process else { return }
            process = nil
            take(.ended(run: run, "exited"))
        }

        mutating func step() {
            let run = Int.random(in: max(0, life.run - 1)...life.run, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: take(.demand(.hold([])))
            case 1, 2:
                let step = Int.random(in: 0..<3, using: &random)
                take(.demand(.run(PluginLifecycleTests.configuration(step: step))))
            case 3: take(.ready(run: run))
            case 4: take(.configured(run: run))
            case 5: take(.refused(run: run, ["no"]))
            case 6: end()
            default: if let alarm { take(.alarm(alarm)) }
            }
        }
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `there is one program at the most, and none in the end`(seed: UInt64) {
        var world = World(random: SeededGenerator(seed: seed))
        for _ in 0..<200 {
            world.step()
            let mayRun: Set<PluginLifecycle.Phase> = [.starting, .configuring, .running, .stopping]
            #expect((world.process != nil) == mayRun.contains(world.life.phase), "seed \(seed)")
        }
        world.take(.demand(.hold([])))
        for _ in 0..<3 where world.life.phase != .idle { if let alarm = world.alarm { world.take(.alarm(alarm)) } }
        #expect(world.life.phase == .idle, "seed \(seed)")
        #expect(world.process == nil, "seed \(seed)")
    }
}
