import JSON
import Testing

@testable import Agent

@Suite struct `What an agent does when it begins` {
    private func decision(
        runnable: Bool = false, currentTask: Int = 3, job: (task: String, state: String, exitState: String)? = nil,
        jobContext: String = "", context: String = "", isFirst: Bool = true
    ) -> StartDecision {
        let machine = MachineState(["Uuid": "u", "Runnable": .bool(runnable), "CurrentTask": JSONValue(currentTask)])
        let state = job.map {
            JobState([
                "Task": .string($0.task), "State": .string($0.state), "ExitState": .string($0.exitState),
                "Context": .string(jobContext),
            ])
        }
        return StartDecision(machine, state, context: context, isFirstInBoot: isFirst)
    }

    @Test(arguments: [
        ("bootenv:local", "finished", "complete", true), ("t", "finished", "reboot", true),
        ("t", "finished", "poweroff", true), ("t", "incomplete", "reboot", true), ("t", "finished", "stop", false),
        ("t", "finished", "complete", false), ("t", "failed", "failed", false), ("t", "incomplete", "", false),
        ("stage:bootenv:", "finished", "complete", false),
    ]) func `depends on whether the server waits for a boot`(
        task: String, state: String, exitState: String, runs: Bool
    ) {
        #expect(decision(job: (task, state, exitState)).makesRunnable == runs)
    }

    @Test func `makes a machine run that has begun nothing yet`() {
        #expect(decision(currentTask: -1).makesRunnable)
        #expect(!decision(currentTask: 0).makesRunnable)
    }

    @Test func `makes no machine run twice in a boot, nor one that runs`() {
        #expect(!decision(job: ("t", "finished", "reboot"), isFirst: false).makesRunnable)
        #expect(!decision(runnable: true, currentTask: -1).makesRunnable)
    }

    @Test(arguments: [
        ("created", true), ("running", true), ("incomplete", false), ("finished", false), ("failed", false),
    ])
    func `ends the job that died with an earlier agent`(state: String, ends: Bool) {
        #expect(decision(job: ("t", state, "")).endsJob == ends)
    }

    @Test func `leaves jobs of other contexts alone`() {
        #expect(!decision(job: ("t", "running", ""), jobContext: "pod").endsJob)
        #expect(decision(job: ("t", "running", ""), jobContext: "pod", context: "pod").endsJob)
    }
}

@Suite struct `What an agent does about the wanted bootenv` {
    @Test(arguments: [
        ("a", "a", BootDecision.stay), ("a", "b", .reboot), ("a", "b-install", .reboot),
        ("debian-install", "local", .leave), ("debian-install", "debian-install", .stay), ("-installer", "a", .reboot),
    ]) func `depends on what runs`(running: String, wanted: String, decision: BootDecision) {
        #expect(BootDecision(running: running, wanted: wanted) == decision)
    }
}

@Suite struct `The root of a task` {
    @Test(
        arguments: [
            ([], nil), (["a"], nil), (["chroot:/mnt", "a"], "/mnt"), (["chroot:/mnt", "chroot:/other"], "/other"),
            (["chroot:/mnt", "chroot:"], nil), (["chroot:/mnt", "chroot:/"], nil), (["chroot:/mnt", "bootenv:x"], nil),
            (["chroot:/mnt", "stage:x"], "/mnt"),
        ] as [([String], String?)]) func `is the last one that was asked for since the boot`(
            before: [String], path: String?
        )
    {
        #expect(RootFolder(of: before + ["now", "chroot:/later"], at: before.count).path == path)
    }

    @Test func `of an entry that asks for none is none`() {
        #expect(RootFolder(entry: "task") == nil && RootFolder(entry: "chroot:/mnt")?.path == "/mnt")
        #expect(RootFolder(of: ["chroot:/mnt"], at: -1).path == nil)
    }

    @Test func `must be an absolute folder that exists, and root's to enter`() {
        func problem(_ entry: String, isRoot: Bool = true, exists: Bool = true) -> String? {
            RootFolder(entry: entry)?.problem(isRoot: isRoot, exists: { _ in exists })
        }
        #expect(problem("chroot:/mnt") == nil && problem("chroot:", isRoot: false, exists: false) == nil)
        #expect(problem("chroot:mnt")?.contains("absolute path") == true)
        #expect(problem("chroot:/mnt", exists: false)?.contains("no such folder") == true)
        #expect(problem("chroot:/mnt", isRoot: false)?.contains("only root") == true)
    }

    @Test func `comes before the paths that its tasks see`() {
        let root = RootFolder(of: ["chroot:/mnt"], at: 1)
        #expect(root.outside("/etc/x") == "/mnt/etc/x" && root.outside("etc/x") == "/mnt/etc/x")
        #expect(RootFolder(of: [], at: 0).outside("/etc/x") == "/etc/x")
    }
}

@Suite struct `Pauses before something is tried again` {
    @Test func `grow to half a minute and no further`() {
        var backOff = BackOff()
        let pauses = (0..<20).map { _ in backOff.next(1) }
        #expect(pauses[0] == .milliseconds(250) && pauses[1] == .milliseconds(500) && pauses[19] == .seconds(30))
        #expect(pauses == pauses.sorted())
    }

    @Test func `are not the same for all`() {
        var (early, late) = (BackOff(), BackOff())
        #expect(early.next(0) == .milliseconds(125) && late.next(1) == .milliseconds(250))
    }
}
