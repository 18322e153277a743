import Basics
import Glibc
import StoreTesting
import Synchronization
import Testing

@testable import Plugins

@Suite("Programs of plug-ins")
struct ProgramTests {
    private static func shell(_ script: String, _ environment: [(name: String, value: String)] = []) -> ProgramLaunch {
        ProgramLaunch(path: "/bin/sh", arguments: ["-c", script], environment: environment, directory: "/")
    }

    private static func answer(_ script: String, within time: Duration = .seconds(20), most: Int = 1_000) throws
        -> String
    {
        String(decoding: try shell(script).answer(within: time, most: most), as: UTF8.self)
    }

    @Test func `a program answers what it writes to its standard output`() throws {
        #expect(try Self.answer("echo hello; echo aside >&2") == "hello\n")
        #expect(
            try String(
                decoding: Self.shell("echo $WORD", [("WORD", "x y")]).answer(within: .seconds(20), most: 99),
                as: UTF8.self) == "x y\n")
    }

    @Test(arguments: [
        ("echo why not >&2; exit 3", "`-c` exited with status 3: why not"),
        ("kill -9 $$", "`-c` was ended by the signal 9 (Killed)"), ("yes", "`-c` wrote more than 1000 bytes"),
    ])
    func `a program that fails says why`(script: String, reason: String) {
        let script = script == "yes" ? "yes | head -c 100000" : script
        #expect(throws: ProgramError(reason)) { try Self.answer(script) }
    }

    @Test(arguments: ["sleep 1000", "yes", "sleep 1000 & sleep 1000", "exec >&- 2>&-; sleep 1000"])
    func `a program that takes too long is ended with all that it has started`(script: String) {
        #expect(throws: ProgramError("`-c` took longer than 0 seconds")) {
            try Self.answer(script, within: .milliseconds(300))
        }
    }

    @Test func `a program that is not there cannot be run`() {
        let launch = ProgramLaunch(path: "/no/such/program", arguments: [], environment: [], directory: "/")
        #expect(throws: ProgramError("/no/such/program cannot be run: No such file or directory")) {
            try launch.answer(within: .seconds(20), most: 1)
        }
    }

    @Test func `a program has no files of the server's, and no signals that it ignores`() throws {
        let file = open("/etc/passwd", O_RDONLY)
        defer { close(file) }
        #expect(try Self.answer("ls /proc/self/fd | wc -l") == "4\n")
        signal(SIGPIPE, SIG_IGN)
        let ignored = try Self.answer("grep SigIgn /proc/self/status")
        #expect(ignored == "SigIgn:\t0000000000000000\n")
    }

    @Test func `what is left of a program's group ends with it`() throws {
        let process = try #require(Int32(Self.answer("sleep 1000 >&- 2>&- & echo $!").dropLast()))
        var attempts = 0
        // A process that has been killed is there until somebody has seen it end.
        while kill(process, 0) == 0, attempts < 1_000 {
            usleep(10_000)
            attempts += 1
        }
        #expect(kill(process, 0) != 0)
    }

    @Test func `a program that goes on tells its lines as they come, and ends when it is killed`() async {
        let (lines, continuation) = AsyncStream<String>.makeStream()
        let process = PluginProcess(Self.shell("echo READY!; echo odd >&2; exec sleep 1000")) { line in
            continuation.yield(line)
        } onEnd: { reason in
            continuation.yield("ended: \(reason)")
            continuation.finish()
        }
        var seen: Set<String> = []
        for await line in lines {
            seen.insert(line)
            if seen == ["READY!", "odd"] { process.kill() }
        }
        #expect(seen == ["READY!", "odd", "ended: was ended by the signal 9 (Killed)"])
    }
}
