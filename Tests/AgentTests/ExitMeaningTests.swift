import Testing

@testable import Agent

@Suite struct `The exit code of a script` {
    @Test func `of zero is the only one after which the task goes on`() {
        let good = (0...255).filter { ExitMeaning(exitCode: Int32($0)).goesOn }
        #expect(good == [0])
        #expect(ExitMeaning(exitCode: 0).state == "finished" && ExitMeaning(exitCode: 0).exitState == "complete")
    }

    @Test func `says failure unless it is a sum of the four wishes`() {
        let wishes = [16, 32, 64, 128]
        let sums = Set((0..<16).map { bits in (0..<4).reduce(0) { $0 + (bits >> $1 & 1) * wishes[$1] } })
        for code in 0...255 {
            #expect(ExitMeaning(exitCode: Int32(code)).isFailed == !sums.contains(code), "\(code)")
        }
    }

    @Test(arguments: [
        (16, "finished", "stop"), (32, "finished", "poweroff"), (64, "finished", "reboot"), (128, "incomplete", ""),
        (144, "incomplete", "stop"), (160, "incomplete", "poweroff"), (192, "incomplete", "reboot"),
        (48, "finished", "poweroff"), (112, "finished", "reboot"), (1, "failed", "failed"), (17, "failed", "failed"),
    ]) func `is the state and the exit state of the job`(code: Int32, state: String, exitState: String) {
        let meaning = ExitMeaning(exitCode: code)
        #expect(meaning.state == state && meaning.exitState == exitState && meaning.stopsMachine)
    }

    @Test func `is what was noted of it before the agent died`() {
        for code in 0...255 {
            let meaning = ExitMeaning(exitCode: Int32(code))
            #expect(ExitMeaning(state: meaning.state, exitState: meaning.exitState) == meaning, "\(code)")
        }
    }
}
